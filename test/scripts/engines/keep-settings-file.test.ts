import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepSettingsFile } from "../../../scripts/engines/keep-settings-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const own = "# mine\nconfig:\n  registry-kit:hosts: [a]\n";

/** What becomes of a settings file that the CLI leaves so. */
async function after(before: string | undefined, left: string | undefined): Promise<string | undefined> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "Pulumi.dev.yaml");
  if (before !== undefined) writeFileSync(path, before);
  const work = async () => {
    if (left === undefined) rmSync(path, { force: true });
    else writeFileSync(path, left);
    return 7;
  };
  expect(await keepSettingsFile(path, work)).toBe(7);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

it("a salt that the CLI added goes, and so does its layout of the rest", async () => {
  expect(await after(own, "# mine\nconfig:\n    registry-kit:hosts: [ a ]\nencryptionsalt: v1:x\n")).toBe(own);
});

it("a number that the CLI wrote as text is no change of somebody's", async () => {
  const before = "config:\n  registry-kit:port: 5000\n";
  expect(await after(before, 'config:\n  registry-kit:port: "5000"\nencryptionsalt: v1:x\n')).toBe(before);
});

it.each([
  ["another change beside the salt", own, "config:\n  registry-kit:hosts: [b]\nencryptionsalt: v1:x\n"],
  ["another comment beside the salt", own, "# ours\nconfig:\n  registry-kit:hosts: [a]\nencryptionsalt: v1:x\n"],
  ["a salt that was there", `${own}encryptionsalt: v1:x\n`, `${own}encryptionsalt: v1:y\n`],
  ["a change without a salt", own, "config: {}\n"],
  ["a file that is new", undefined, `${own}encryptionsalt: v1:x\n`],
  ["a file that is half written", own, "config: ["],
  ["a file that is gone", own, undefined],
])("%s stays as it was left", async (_, before, left) => expect(await after(before, left)).toBe(left));
