import ts from 'typescript';
import { functionNames } from '#functions/manifest.ts';
import type { Source } from './imports.ts';
import { parseSource } from './read-imports.ts';

/** A file that lists functions a second time. */
interface SecondList {
  readonly path: string;
  readonly names: readonly string[];
}

/** Most house names of functions that stand together before they are a list. */
const mostNames = 6;

const known: ReadonlySet<string> = new Set(functionNames);
/** Names that only a function has: others are names of capabilities, too. */
const isOwn = (name: string): boolean => known.has(name) && name.includes('-');

/** The manifest, what is made from it, the list of capabilities, and tests, which say names to be held to them. */
const isFree = ({ path }: Source): boolean =>
  ['functions/manifest', 'functions/roots/', 'functions/capabilities.ts', 'tests/'].some((free) =>
    path.startsWith(free),
  );

/** Something of each function, which does not compile where one is left out or named that is gone. */
const isHeldByTypes = (node: ts.Node): boolean =>
  (ts.isVariableDeclaration(node) || ts.isSatisfiesExpression(node)) &&
  /^(Readonly<)?Record<(Exclude<)?FunctionName,/.test(node.type?.getText() ?? '');

const textOf = (node: ts.Node | undefined): string => {
  if (node === undefined) return '';
  if (ts.isLiteralTypeNode(node)) return textOf(node.literal);
  return ts.isStringLiteralLike(node) || ts.isIdentifier(node) ? node.text : '';
};

/** What stands together in one list: elements, keys of an object, or members of a union. */
const membersOf = (node: ts.Node): readonly string[] => {
  if (ts.isArrayLiteralExpression(node)) return node.elements.filter(ts.isStringLiteralLike).map(textOf);
  if (ts.isObjectLiteralExpression(node)) return node.properties.map(({ name }) => textOf(name));
  return ts.isUnionTypeNode(node) ? node.types.map(textOf) : [];
};

/** Names of functions that a file lists: all that only functions have, and others where they stand together. */
const namesListed = (source: ts.SourceFile): readonly string[] => {
  const own = new Set<string>();
  let together: readonly string[] = [];
  const visit = (node: ts.Node): void => {
    if (isHeldByTypes(node)) return;
    if (ts.isStringLiteralLike(node) && isOwn(node.text)) own.add(node.text);
    const members = membersOf(node).filter((name) => known.has(name));
    if (members.length > together.length) together = members;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return own.size > together.length ? [...own] : together;
};

/** Files that list functions beside the manifest and what is made from it. */
export const secondLists = (sources: readonly Source[]): readonly SecondList[] =>
  sources
    .filter((source) => !isFree(source))
    .map(({ path, text }) => ({ path, names: namesListed(parseSource(path, text)) }))
    .filter(({ names }) => names.length > mostNames);

/** The same, in a line that says what to do. */
export const secondListComplaints = (sources: readonly Source[]): readonly string[] =>
  secondLists(sources).map(
    ({ path, names }) =>
      `${path}: a second list of functions (${names.join(', ')}): make it from functions/manifest.ts, or hold it by Record<FunctionName, …>`,
  );
