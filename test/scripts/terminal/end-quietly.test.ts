import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { projectRoot } from "../../../scripts/project/project-root.ts";

/** `npm run help` in a shell, as far as it is ours. */
function help(rest: string) {
  const file = join(projectRoot, "scripts", "commands", "help.ts");
  return execa("sh", ["-c", `{ "${process.execPath}" "${file}"; echo "code $?" >&2; } ${rest}`], { reject: false });
}

it("says in a line that what it prints cannot be written, as on a full disk", async () => {
  const { stderr } = await help("> /dev/full");
  expect(stderr).toMatch(/^What the command prints cannot be written: .*ENOSPC.*\ncode 1$/);
});

it("ends quietly where nobody reads", async () => {
  const { stderr } = await help("| true");
  expect(stderr).toBe("code 141");
});
