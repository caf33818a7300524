import ts from 'typescript';
import type { Source } from './imports.ts';
import { layerOf } from './layers.ts';
import { parseSource } from './read-imports.ts';

/** Where a rule reads a field of a fact by a text: a mistyped one compiles. */
export interface StringRead {
  readonly path: string;
  readonly line: number;
}

/** Files of rules that speak of facts; elsewhere `data[…]` may be bytes or rows of a file. */
const speaksOfFacts = ({ path, text }: Source): boolean =>
  layerOf(path) === 'domain' && /\b(\w*Fact|FactOf)\b/.test(text);

const isData = (node: ts.Expression): boolean =>
  ts.isPropertyAccessExpression(node) ? node.name.text === 'data' : ts.isIdentifier(node) && node.text === 'data';

const within = (node: ts.Node, seen: (node: ts.Node) => void): void => {
  seen(node);
  ts.forEachChild(node, (child) => within(child, seen));
};

const calleeOf = (node: ts.Node): string | undefined =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? node.expression.text : undefined;

/** Functions of one file by name. */
const functionsIn = (source: ts.SourceFile): readonly (readonly [name: string, body: ts.Node])[] => {
  const found: (readonly [string, ts.Node])[] = [];
  within(source, (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      if (ts.isArrowFunction(node.initializer)) found.push([node.name.text, node.initializer]);
  });
  return found;
};

/** Whether code reads a field under a name that it was given: `data[field]`, or by another function that does. */
const readsAsAsked = (body: ts.Node, readers: ReadonlySet<string>): boolean => {
  let reads = false;
  within(body, (node) => {
    if (ts.isElementAccessExpression(node) && isData(node.expression))
      reads ||= !ts.isStringLiteralLike(node.argumentExpression);
    if (ts.isCallExpression(node) && readers.has(calleeOf(node) ?? ''))
      reads ||= node.arguments[1] !== undefined && !ts.isStringLiteralLike(node.arguments[1]);
  });
  return reads;
};

/** Functions that read whichever field they are asked for. */
const readersIn = (files: readonly ts.SourceFile[]): ReadonlySet<string> => {
  const all = files.flatMap(functionsIn);
  let readers: ReadonlySet<string> = new Set();
  for (;;) {
    const known = readers;
    readers = new Set(all.flatMap(([name, body]) => (readsAsAsked(body, known) ? [name] : [])));
    if (readers.size === known.size) return readers;
  }
};

/** Every read of a fact's field by a text in the rules: `data['field']`, `data[field]`, and calls of what reads so. */
export const stringReads = (sources: readonly Source[]): readonly StringRead[] => {
  const files = sources.filter(speaksOfFacts).map(({ path, text }) => parseSource(path, text));
  const readers = readersIn(files);
  return files.flatMap((file) => {
    const found: StringRead[] = [];
    within(file, (node) => {
      const isRead = ts.isElementAccessExpression(node) ? isData(node.expression) : readers.has(calleeOf(node) ?? '');
      if (!isRead) return;
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ path: file.fileName, line });
    });
    return found;
  });
};
