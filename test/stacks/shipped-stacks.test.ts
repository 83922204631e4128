import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = dirname(dirname(import.meta.dirname));
const committed = await execa("git", ["ls-tree", "--name-only", "HEAD", "stacks/"], { cwd: root, reject: false });
const files = committed.stdout.split("\n").filter((file) => /Pulumi\.[\w-]+\.yaml$/.test(file));
const reason = committed.exitCode === 0 ? "" : " (skipped: no git repository)";

describe.skipIf(reason !== "")(`The settings files as committed${reason}`, () => {
  it.each(files)("%s belongs to no passphrase: the first up of a clone makes its own", async (file) => {
    const { stdout } = await execa("git", ["show", `HEAD:${file}`], { cwd: join(root) });
    expect(Object.keys(parse(stdout) as object)).toEqual(["config"]);
  });
});
