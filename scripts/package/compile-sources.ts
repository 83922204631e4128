import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/**
 * Compiles TypeScript files and all that they import into a folder: JavaScript with source maps for each, and declarations for what
 * the files of the room package/ import. It does not look for mistakes in types: `npm run check` does.
 *
 * @param root of the sources; the folder gets the same tree
 * @param entries paths in it
 * @throws where the declarations cannot be written
 */
export function compileSources(root: string, entries: string[], folder: string): void {
  const options = compilerOptions(root);
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    options,
  );
  for (const { fileName, text, isDeclarationFile } of program.getSourceFiles()) {
    const path = relative(root, fileName);
    if (isDeclarationFile || path.startsWith("..") || path.startsWith("node_modules")) continue;
    // File by file: a tenth of the time of a whole program.
    const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
      fileName,
      compilerOptions: forJavaScript(options),
    });
    write(join(folder, path.replace(/ts$/, "js")), outputText);
    write(join(folder, path.replace(/ts$/, "js.map")), sourceMapText);
  }
  writeDeclarations(
    program,
    root,
    folder,
    entries.filter((entry) => entry.startsWith("package/")),
  );
}

function compilerOptions(root: string): ts.CompilerOptions {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic: ts.Diagnostic) => fail([diagnostic]),
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), {}, host);
  const { tsBuildInfoFile: _, ...options } = parsed?.options ?? {};
  return {
    ...options,
    noEmit: false,
    incremental: false,
    declaration: true,
    rootDir: root,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
  };
}

/** The comments are in the declarations and, for those who look for them, in the repository. */
function forJavaScript(options: ts.CompilerOptions): ts.CompilerOptions {
  return { ...options, module: ts.ModuleKind.ESNext, declaration: false, sourceMap: true, removeComments: true };
}

/** Those of some files and of all that their declarations name. The compiler leaves .ts in the imports there. */
function writeDeclarations(program: ts.Program, root: string, folder: string, entries: string[]): void {
  const found = new Set(entries);
  for (const path of found) {
    const source = program.getSourceFile(join(root, path));
    const { diagnostics } = program.emit(
      source,
      (_, text) => {
        const own = /((?:from |import\()"[.]{1,2}\/[^"]*)[.]ts"/g;
        for (const [, start = ""] of text.matchAll(own)) {
          found.add(join(dirname(path), `${start.slice(start.indexOf('"') + 1)}.ts`));
        }
        write(join(folder, path.replace(/ts$/, "d.ts")), text.replace(own, '$1.js"'));
      },
      undefined,
      true,
    );
    if (diagnostics.length > 0) fail(diagnostics);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function fail(diagnostics: readonly ts.Diagnostic[]): never {
  const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => "", getNewLine: () => "\n" };
  throw new Error(ts.formatDiagnostics(diagnostics, host));
}
