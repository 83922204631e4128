import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { codeBlocks, pages } from "./markdown.ts";

const blocks = pages().flatMap((page) =>
  codeBlocks(page, "ts").map((code, i) => ({ name: `${page.path}, block ${i + 1}`, code })),
);

const [first = { name: "", code: "" }] = blocks;
const wrong = { name: "the first block with a wrong type", code: first.code.replace("port: 5000,", 'port: "5000",') };
const problems = diagnose([...blocks, wrong]);

describe("TypeScript in the pages", () => {
  it("is there", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks)("$name compiles", ({ name }) => {
    expect(problems.get(name)).toEqual([]);
  });

  it("would not compile with a wrong type", () => {
    expect(problems.get(wrong.name)?.join()).toContain("not assignable to type 'number'");
  });
});

/**
 * Compiles all blocks in one program, as if each were a file in the project's folder, with the project's own options.
 * @returns name of a block -> what the compiler says of it
 */
function diagnose(all: { name: string; code: string }[]): Map<string, string[]> {
  const files = new Map(all.map(({ code }, i) => [join(projectRoot, `code-block-${i}.ts`), code]));
  const configuration = join(projectRoot, "tsconfig.json");
  const { config } = ts.readConfigFile(configuration, ts.sys.readFile);
  const parsed = { ...config, include: [], files: [...files.keys()] };
  const { options } = ts.parseJsonConfigFileContent(parsed, ts.sys, projectRoot);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const code = files.get(name);
    return code === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, code, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return new Map(
    [...files.keys()].map((file, i) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [all[i]?.name ?? file, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}
