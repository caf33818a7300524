import ts from 'typescript';

/** One import or re-export of a file. */
export interface ImportOf {
  readonly line: number;
  readonly specifier: string;
  /** Erased before the code runs. */
  readonly typeOnly: boolean;
  /** Names taken by `{ … }`, as the module calls them. */
  readonly names: readonly string[];
}

const namesOf = (clause: ts.ImportClause | undefined): readonly string[] => {
  const bindings = clause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
};

const onlyTypes = (clause: ts.ImportClause | undefined): boolean => {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
};

/** Parses one TypeScript source. */
export const parseSource = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);

/** Every module a source names: imports, re-exports, `import()` and `import('…')` types. */
export const importsOf = (source: ts.SourceFile): readonly ImportOf[] => {
  const found: ImportOf[] = [];
  const add = (node: ts.Node, specifier: ts.Node, typeOnly: boolean, names: readonly string[] = []): void => {
    if (!ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push({ line, specifier: specifier.text, typeOnly, names });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, onlyTypes(node.importClause), namesOf(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [first] = node.arguments;
      if (first !== undefined) add(node, first, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
