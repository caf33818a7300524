import ts from 'typescript';
import { parseSource } from './read-imports.ts';

/** A code that a source gives to a refusal. */
export interface GivenCode {
  readonly line: number;
  readonly code: string;
}

const isRefusal = (node: ts.Node): node is ts.NewExpression =>
  ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'DomainError';

/** Functions of a source that make a refusal of a code they are given, and at which argument they take it. */
const makersOf = (source: ts.SourceFile): ReadonlyMap<string, number> => {
  const makers = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer)) {
      const parameters = node.initializer.parameters.map(({ name }) => name.getText(source));
      const inside = (child: ts.Node): void => {
        const code = isRefusal(child) ? child.arguments?.[1] : undefined;
        const place = code !== undefined && ts.isIdentifier(code) ? parameters.indexOf(code.text) : -1;
        if (place >= 0) makers.set(node.name.getText(source), place);
        ts.forEachChild(child, inside);
      };
      inside(node.initializer.body);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return makers;
};

/** Codes that stand in a source as they are: in `new DomainError(kind, code, …)`, or given to a function that makes one. */
export const codesOf = (path: string, text: string): readonly GivenCode[] => {
  const source = parseSource(path, text);
  const makers = makersOf(source);
  const found: GivenCode[] = [];
  const add = (argument: ts.Expression | undefined): void => {
    if (argument === undefined || !ts.isStringLiteralLike(argument)) return;
    found.push({ line: source.getLineAndCharacterOfPosition(argument.getStart(source)).line + 1, code: argument.text });
  };
  const visit = (node: ts.Node): void => {
    if (isRefusal(node)) add(node.arguments?.[1]);
    else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const place = makers.get(node.expression.text);
      if (place !== undefined) add(node.arguments[place]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
