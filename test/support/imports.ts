/** @file Reads what a source file imports, by TypeScript's own parser: imports, re-exports, dynamic imports, types, `new URL(…, import.meta.url)`. */
import ts from 'typescript';

/** One import of a file. */
export type Import = {
  /** As written, for example `../base/index.ts` or `zod`. */
  from: string;
  /** `type`: nothing of it is there at run time; `address`: only its URL is taken, for a process or thread. */
  kind: 'value' | 'type' | 'address';
};

/**
 * Every import of a file.
 * @param name the file's name; `.svelte` files are read by their script blocks and for dynamic imports in their markup
 * @param text its text
 */
export function importsOf(name: string, text: string): Import[] {
  if (!name.endsWith('.svelte')) return readScript(name, text);
  const scripts = [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '');
  const markup = text.replaceAll(/<script\b[^>]*>[\s\S]*?<\/script>/g, '');
  const dynamic = [...markup.matchAll(/\bimport\(\s*(['"`])([^'"`]+)\1/g)].map((match) => ({
    from: match[2] ?? '',
    kind: 'value' as const,
  }));
  return [...scripts.flatMap((script) => readScript(`${name}.ts`, script)), ...dynamic];
}

function readScript(name: string, text: string): Import[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const own = readNode(node);
    if (own !== null) found.push(own);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function readNode(node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isTypeImport(node.importClause) ? 'type' : 'value');
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, isTypeExport(node) ? 'type' : 'value');
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal, 'type');
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return literal(node.moduleReference.expression, node.isTypeOnly ? 'type' : 'value');
  }
  if (ts.isCallExpression(node)) {
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    return isImport || isRequire ? literal(node.arguments[0], 'value') : null;
  }
  if (ts.isNewExpression(node)) return readUrl(node);
  return null;
}

/** `new URL('./worker.ts', import.meta.url)`, when it names a source file. */
function readUrl(node: ts.NewExpression): Import | null {
  const [address, base] = node.arguments ?? [];
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'URL' || base === undefined) return null;
  if (!base.getText().includes('import.meta.url')) return null;
  const found = literal(address, 'address');
  return found !== null && /^\..*\.(ts|mts|js|mjs|svelte)$/.test(found.from) ? found : null;
}

function literal(node: ts.Node | undefined, kind: Import['kind']): Import | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? { from: node.text, kind } : null;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly)
  );
}

function isTypeExport(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  const clause = node.exportClause;
  return (
    clause !== undefined &&
    ts.isNamedExports(clause) &&
    clause.elements.length > 0 &&
    clause.elements.every((element) => element.isTypeOnly)
  );
}
