import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describeWithEngines("A preview", (engine) => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  it("of a stack that is not there writes nothing into the clone but the files that are named", async () => {
    await using home = await temporaryFolder();
    // As a user has it: no cache elsewhere, and no home in the clone.
    const env = { NODE_COMPILE_CACHE: undefined, PULUMI_HOME: home.path };
    const before = listing(copy.folder);
    const plain = await copy.run("preview", [], { env });
    expect(plain.exitCode, plain.all).toBe(0);
    expect(plain.all).toMatch(/\d+ to create/);
    expect(listing(copy.folder)).toEqual(before);
    const json = await copy.run("preview", ["--json", "--markdown", join(home.path, "summary.md")], { env });
    expect(json.exitCode, json.all).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 0, changeSummary: { create: expect.any(Number) } });
    expect(listing(copy.folder)).toEqual(before);
  });

  it("prints one document with --json, also of a wrong setting", async () => {
    const text = copy.settingsText();
    copy.change({ "container.memory": -1 });
    const { stdout, exitCode } = await copy.run("preview", ["--json"]);
    const { diagnostics, exitCode: told } = JSON.parse(stdout) as {
      diagnostics: { message: string }[];
      exitCode: number;
    };
    expect(diagnostics.map(({ message }) => message).join()).toContain("container.memory");
    expect([exitCode, told]).toEqual([1, 1]);
    copy.restore(text);
  });
});

/** Every file with its content; what is installed is npm's. */
function listing(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith("node_modules"),
  );
  return Object.fromEntries(
    paths.sort().map((path) => {
      const stat = lstatSync(join(folder, path));
      const content = stat.isFile()
        ? createHash("sha256")
            .update(readFileSync(join(folder, path)))
            .digest("hex")
        : "";
      return [path, `${stat.mode} ${content}`];
    }),
  );
}
