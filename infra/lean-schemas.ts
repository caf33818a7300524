import ts from 'typescript';

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** Members of a route or a type of facts that pages alone show; the title of a type stands in the timeline, too. */
const shownInPages: ReadonlySet<string> = new Set(['description', 'summary']);

const definesSomething = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && /^define(Fact|Route)$/.test(node.expression.text);

const cutOfMember = ({ name, initializer, parent }: ts.PropertyAssignment): Cut | undefined => {
  if (!ts.isIdentifier(name)) return undefined;
  const isExamples = name.text === 'examples' && ts.isArrayLiteralExpression(initializer);
  const isText = shownInPages.has(name.text) && ts.isStringLiteralLike(initializer) && definesSomething(parent.parent);
  if (!isExamples && !isText) return undefined;
  return { from: initializer.getStart(), to: initializer.end, by: isText ? "''" : '[]' };
};

/** What of a node only says something to people: the call that describes a schema, examples and texts of what is defined. */
const cutOf = (node: ts.Node): Cut | undefined => {
  if (ts.isPropertyAssignment(node)) return cutOfMember(node);
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  const describes = name.text === 'describe' && node.arguments.length === 1;
  return describes ? { from: expression.end, to: node.end, by: '' } : undefined;
};

/**
 * A module of contracts without what it says to people: descriptions of schemas, of routes and of types of facts, which only JSON
 * Schemas and pages show, and examples, which only tests and pages read. What is taken and refused stays the same, and lines keep
 * their numbers.
 */
export const withoutDescriptions = (path: string, source: string): string => {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const cuts: Cut[] = [];
  const look = (node: ts.Node): void => {
    const cut = cutOf(node);
    if (cut !== undefined) cuts.push(cut);
    ts.forEachChild(node, look);
  };
  look(file);
  let [kept, at] = ['', 0];
  for (const { from, to, by } of cuts.sort((left, right) => left.from - right.from)) {
    if (from < at) continue;
    const lines = source.slice(from, to).replace(/[^\n]/g, '');
    kept += source.slice(at, from) + by + lines;
    at = to;
  }
  return kept + source.slice(at);
};
