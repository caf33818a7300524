import ts from 'typescript';

/** A use of clock, random, process or network. */
export interface ImpureUse {
  readonly line: number;
  readonly what: string;
}

const members: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['now', 'timeOrigin'],
  crypto: ['randomUUID', 'getRandomValues'],
  'Temporal.Now': ['instant', 'zonedDateTimeISO', 'plainDateISO', 'plainDateTimeISO', 'plainTimeISO', 'timeZoneId'],
};
const globals = new Set(['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'globalThis']);

const isReference = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !(
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isTypeReferenceNode(parent)
  );
};

const impure = (node: ts.Node, source: ts.SourceFile): string | undefined => {
  if (ts.isPropertyAccessExpression(node)) {
    const names = members[node.expression.getText(source)];
    return names?.includes(node.name.text) ? node.getText(source) : undefined;
  }
  if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date() without an instant' : undefined;
  }
  if (ts.isIdentifier(node) && globals.has(node.text) && isReference(node)) return node.text;
  return undefined;
};

/** Where a source that must be pure reads the clock, draws at random, or reaches outside. */
export const impureUses = (source: ts.SourceFile): readonly ImpureUse[] => {
  const found: ImpureUse[] = [];
  const visit = (node: ts.Node): void => {
    const what = impure(node, source);
    if (what !== undefined) {
      found.push({ line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, what });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
