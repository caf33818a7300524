import ts from 'typescript';
import { parseSource } from '#scripts/check/read-imports.ts';
import { Refusal } from './refusal.ts';

/**
 * Insertions into TypeScript by its syntax tree. Each takes a text and answers the text with something more in it; the formatter
 * sees to line breaks and the order of imports. Each throws a Refusal where the text has no such place.
 */

const parsed = (text: string): ts.SourceFile => parseSource('draft.ts', text);

/** What is inside of `as const`, `satisfies …`, brackets, and of a call its first argument. */
const inner = (node: ts.Expression): ts.Expression => {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return inner(node.expression);
  const first = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.arguments?.[0] : undefined;
  return first === undefined ? node : inner(first);
};

const constantsOf = (source: ts.SourceFile): readonly ts.VariableDeclaration[] =>
  source.statements.flatMap((one) => (ts.isVariableStatement(one) ? one.declarationList.declarations : []));

const isNamed = (node: ts.Node | undefined, name: string): boolean =>
  node !== undefined && (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && node.text === name;

/** The value of a constant, or of a member below it. */
const valueAt = (source: ts.SourceFile, [constant, ...members]: readonly string[]): ts.Expression | undefined => {
  const declared = constantsOf(source).find(({ name }) => isNamed(name, constant ?? ''))?.initializer;
  let value = declared === undefined ? undefined : inner(declared);
  for (const name of members) {
    const properties: readonly ts.ObjectLiteralElementLike[] =
      value !== undefined && ts.isObjectLiteralExpression(value) ? value.properties : [];
    const found = properties.filter(ts.isPropertyAssignment).find((property) => isNamed(property.name, name));
    value = found === undefined ? undefined : inner(found.initializer);
  }
  return value;
};

type List = ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;
const listAt = (source: ts.SourceFile, path: readonly string[]): List => {
  const value = valueAt(source, path);
  if (value !== undefined && (ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value))) return value;
  throw new Refusal(`has no list or object ${path.join('.')}; name it in scripts/new as it is called now`);
};
const membersOf = (list: List): readonly ts.Node[] =>
  ts.isArrayLiteralExpression(list) ? list.elements : list.properties;

/** Where a member begins, comments above it counted in. */
const beginningOf = (text: string, node: ts.Node): number =>
  ts.getLeadingCommentRanges(text, node.getFullStart())?.[0]?.pos ?? node.getStart();

const spliced = (text: string, at: number, added: string): string => text.slice(0, at) + added + text.slice(at);

const behindLast = (text: string, list: List, added: string): string => {
  const last = membersOf(list).at(-1);
  return last === undefined ? spliced(text, list.getStart() + 1, added) : spliced(text, last.getEnd(), `,\n${added}`);
};

/** How members sort: by what they say without marks, so that `'sign-in'` stands among words. */
const sortedBy = (said: string): string => said.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/** A member more, last in an array or object; `path` is the constant and members below it. */
export const withMember = (text: string, path: readonly string[], added: string): string =>
  behindLast(text, listAt(parsed(text), path), added);

/** The same in a list that is in order. */
export const withSortedMember = (text: string, path: readonly string[], added: string): string => {
  const list = listAt(parsed(text), path);
  const next = membersOf(list).find((one) => sortedBy(one.getText()) > sortedBy(added));
  return next === undefined ? behindLast(text, list, added) : spliced(text, beginningOf(text, next), `${added},\n`);
};

/** Whether an array has a member. */
export const hasMember = (text: string, path: readonly string[], said: string): boolean =>
  membersOf(listAt(parsed(text), path)).some((one) => one.getText() === said);

/** Names of the constants that a text exports and that are arrays. */
export const arraysOf = (text: string): readonly string[] => {
  const source = parsed(text);
  return constantsOf(source).flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && initializer !== undefined && ts.isArrayLiteralExpression(inner(initializer))
      ? [name.text]
      : [],
  );
};

const importsIn = (text: string): readonly ts.ImportDeclaration[] =>
  parsed(text).statements.filter(ts.isImportDeclaration);
/** What an import takes: named things, or all under one name. */
const takenBy = ({ importClause }: ts.ImportDeclaration): ts.NamedImportBindings | undefined =>
  importClause?.namedBindings;
/** Of which file an import is, and in which way: imports that are alike here become one. */
const wayOf = (one: ts.ImportDeclaration): string => {
  const taken = takenBy(one);
  const way = taken !== undefined && ts.isNamespaceImport(taken) ? taken.name.text : '';
  return [one.moduleSpecifier.getText(), one.importClause?.phaseModifier, way].join(' ');
};

/** Whether a text declares or imports a name. */
export const knowsName = (text: string, name: string): boolean => {
  const imported = importsIn(text).some((one) => {
    const taken = takenBy(one);
    if (taken === undefined) return false;
    return ts.isNamespaceImport(taken)
      ? taken.name.text === name
      : taken.elements.some((element) => element.name.text === name);
  });
  return imported || constantsOf(parsed(text)).some((one) => isNamed(one.name, name));
};

/** An import more, in the one of the same file where there is one. */
export const withImport = (text: string, statement: string): string => {
  const [held, wanted] = [importsIn(text), importsIn(statement)[0]];
  if (wanted === undefined) throw new RangeError(`not an import: ${statement}`);
  const same = held.find((one) => wayOf(one) === wayOf(wanted));
  const last = held.at(-1);
  if (same === undefined)
    return last === undefined ? `${statement}\n\n${text}` : spliced(text, last.getEnd(), `\n${statement}`);
  const [there, more] = [takenBy(same), takenBy(wanted)];
  if (there === undefined || more === undefined || !ts.isNamedImports(there) || !ts.isNamedImports(more)) return text;
  const known = new Set(there.elements.map((one) => one.getText()));
  const added = more.elements.map((one) => one.getText()).filter((name) => !known.has(name));
  return spliced(text, there.elements.end, added.map((name) => `, ${name}`).join(''));
};

/** A statement more, at the end; what says that a file exports nothing goes. */
export const withStatement = (text: string, statement: string): string => {
  const nothing = parsed(text).statements.find(
    (one) =>
      ts.isExportDeclaration(one) &&
      one.exportClause !== undefined &&
      ts.isNamedExports(one.exportClause) &&
      one.exportClause.elements.length === 0,
  );
  const rest = nothing === undefined ? text : text.slice(0, nothing.getFullStart()) + text.slice(nothing.getEnd());
  return `${rest.trimEnd()}\n\n${statement}\n`;
};

/** A statement more, before a constant. */
export const withStatementBefore = (text: string, constant: string, statement: string): string => {
  const found = constantsOf(parsed(text)).find(({ name }) => isNamed(name, constant));
  const whole = found?.parent.parent;
  if (whole === undefined) throw new Refusal(`has no constant ${constant}`);
  return spliced(text, beginningOf(text, whole), `${statement}\n\n`);
};

const firstBelow = <Node extends ts.Node>(top: ts.Node, is: (node: ts.Node) => node is Node): Node | undefined => {
  if (is(top)) return top;
  return ts.forEachChild(top, (child) => firstBelow(child, is));
};

/** A case more in the switch on the type of a fact, before its default. */
export const withFactCase = (text: string, added: string): string => {
  const isOnType = (node: ts.Node): node is ts.SwitchStatement =>
    ts.isSwitchStatement(node) && node.expression.getText() === 'fact.type';
  const otherwise = firstBelow(parsed(text), isOnType)?.caseBlock.clauses.find(ts.isDefaultClause);
  if (otherwise === undefined) throw new Refusal('has no switch on fact.type with a default');
  return spliced(text, beginningOf(text, otherwise), `${added}\n`);
};

const isOperations = (node: ts.Node): node is ts.SatisfiesExpression =>
  ts.isSatisfiesExpression(node) && node.type.getText() === 'Partial<Operations>';

/** An operation more of an API; `made` is told by which name its parts go. */
export const withOperation = (text: string, made: (parts: string) => string): string => {
  const found = firstBelow(parsed(text), isOperations);
  const list = found === undefined ? undefined : inner(found.expression);
  let above: ts.Node | undefined = found;
  while (above !== undefined && !ts.isArrowFunction(above)) above = above.parent;
  const parts = above?.parameters[0]?.name;
  if (list === undefined || !ts.isObjectLiteralExpression(list) || parts === undefined || !ts.isIdentifier(parts))
    throw new Refusal('has no operations that are made of parts and satisfy Partial<Operations>; add the one by hand');
  return behindLast(text, list, made(parts.text));
};
