import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { codeBlocks, pages } from "./markdown.ts";

const blocks = [
  ...pages().flatMap((page) =>
    codeBlocks(page, "ts").map((code, i) => ({ name: `${page.path}, block ${i + 1}`, code })),
  ),
  ...exportedClasses().map(({ name, example }) => ({ name: `the example of ${name}`, code: asClone(example) })),
];

const [first = { name: "", code: "" }] = blocks.filter(({ code }) => code.includes("port: 5000,"));
const wrong = { name: "a block with a wrong type", code: first.code.replace("port: 5000,", 'port: "5000",') };
const problems = diagnose([...blocks, wrong]);

describe("TypeScript in the pages", () => {
  it("is there", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks)("$name compiles", ({ name }) => {
    expect(problems.get(name)).toEqual([]);
  });

  it("is there for every class that programs import", () => {
    const silent = exportedClasses().filter(({ example }) => !example.includes("new "));
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(exportedClasses().length).toBeGreaterThan(10);
  });

  it("would not compile with a wrong type", () => {
    expect(problems.get(wrong.name)?.join()).toContain("Type 'string' is not assignable");
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

/** The classes that the entry points export, each with the example in its comment. */
function exportedClasses(): { name: string; example: string }[] {
  return ["components/index.ts", "components/aws.ts"].flatMap((entry) => {
    const lines = readFileSync(join(projectRoot, entry), "utf8").matchAll(
      /^export \{ ([^}]*) \} from "\.\/([^"]+)";$/gm,
    );
    return [...lines].flatMap(([, names = "", file = ""]) => {
      const text = readFileSync(join(projectRoot, "components", file), "utf8");
      const classes = names.split(", ").filter((name) => text.includes(`export class ${name} `));
      return classes.map((name) => {
        const [, comment = ""] =
          new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\nexport class ${name} `).exec(text) ?? [];
        const [, example = ""] = /@example\n \* ```ts\n([\s\S]*?) \* ```/.exec(comment) ?? [];
        return { name, example: example.replaceAll(/^ \* ?/gm, "") };
      });
    });
  });
}

/** The imports of an installed package as a clone has them. */
function asClone(code: string): string {
  return code
    .replaceAll('from "registry-kit/aws"', 'from "./components/aws.ts"')
    .replaceAll('from "registry-kit"', 'from "./components/index.ts"');
}
