import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project-root.ts";
import { codeBlocks, pages } from "./markdown.ts";

const blocks = pages().flatMap((page) =>
  codeBlocks(page, "ts").map((code, i) => ({ name: `${page.path}, block ${i + 1}`, code })),
);

describe("TypeScript in the pages", () => {
  it("is there", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks)("$name compiles", { timeout: 120_000 }, ({ code }) => {
    expect(diagnose(code)).toEqual([]);
  });

  it("would not compile with a wrong type", { timeout: 120_000 }, () => {
    const [first = { code: "" }] = blocks;
    expect(diagnose(first.code.replace("port: 5000,", 'port: "5000",')).join()).toContain(
      "not assignable to type 'number'",
    );
  });
});

/** Compiles the code as if it were a file in the project's folder, with the project's own options. */
function diagnose(code: string): string[] {
  const file = join(projectRoot, "code-block.ts");
  const configuration = join(projectRoot, "tsconfig.json");
  const { config } = ts.readConfigFile(configuration, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, projectRoot);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? code : readFile(name));
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, code, version) : getSourceFile(name, version, ...rest);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
  );
}
