import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../../scripts/project/project-root.ts";
import { findRefusedWords } from "../../../scripts/prose/find-refused-words.ts";
import { proseFiles } from "../../../scripts/prose/prose-files.ts";
import { refusedWords } from "../../../scripts/prose/refused-words.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("the check of words", () => {
  it.each([
    ["docs/page.md", "Whoever reads this shall mend it.", ["shall", "Whoever", "mend"]],
    ["components/a.ts", "/** Written anew by the own engine. */", ["anew", "own engine"]],
    ["test/a.test.ts", 'it("is mended, and stands in clear", () => {});', ["mended", "in clear"]],
    [
      "scripts/a.ts",
      'throw new Error("It is to be taken away beforehand.");',
      ["taken away", "beforehand", "is to be"],
    ],
  ])("finds the refused words of %s", (path, text, words) => {
    expect(findRefusedWords(path, text).map(({ word }) => word)).toEqual(words);
  });

  it.each(["recommends", "marshalled", "the engine's own", "amendment", "therefore", "in clearer words"])(
    "allows %s",
    (text) => {
      expect(findRefusedWords("docs/page.md", text)).toEqual([]);
    },
  );

  it("has something to write instead of each word", () => {
    expect(refusedWords.filter(({ instead }) => instead === "")).toEqual([]);
  });

  it("reads pages, code, tests and workflows, and neither packages nor recordings", () => {
    const files = proseFiles(projectRoot);
    expect(files).toEqual(
      expect.arrayContaining([
        "README.md",
        "docs/nodes.md",
        "scripts/commands/up.ts",
        ".ci/run",
        ".github/workflows/drift.yml",
      ]),
    );
    expect(files.filter((path) => /node_modules|programs\/(areas|recorded)/.test(path))).toEqual([]);
  });

  it.each([
    ["a clean folder", "You must fix it.", 0, ""],
    ["a planted word", "You shall fix it.", 1, 'docs/page.md:1 has "shall". Write: must, or will.'],
  ])("ends as it should in %s", async (_, text, exitCode, message) => {
    await using folder = await temporaryFolder();
    const page = join(folder.path, "docs/page.md");
    await mkdir(dirname(page), { recursive: true });
    await writeFile(page, `${text}\n`);
    const program = join(projectRoot, "scripts/prose/check-prose.ts");
    const done = await execa(process.execPath, [program, folder.path], { reject: false });
    expect(done.exitCode).toBe(exitCode);
    expect(done.stderr).toContain(message);
  });
});
