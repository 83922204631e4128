import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project-root.ts";

/** Longest time for one package, in ms. */
const timeout = 3 * 60_000;

/**
 * The folder with the files of a Debian package, as the release has it: unpacked into `.cache/tools` at first use, not
 * installed, so that nothing changes on the machine. What it depends on must be there.
 *
 * @throws where it can't be had: not Debian, no package lists, no way to a mirror
 */
export async function debianPackage(name: string): Promise<string> {
  const folder = join(projectRoot, ".cache", "tools", "debian", name);
  if (existsSync(folder)) return folder;
  await mkdir(join(folder, ".."), { recursive: true });
  // Other workers wait for the lock instead of loading it too; the kernel frees it however the holder ends.
  const script = `test -d "$1" && exit
    cd "$(mktemp -d "$1.XXXXXX")" && apt-get -qq download "$2" 2>&1 && dpkg -x *.deb files && mv files "$1"
    status=$?; rm -rf "$PWD"; exit $status`;
  const { failed, all, shortMessage } = await execa(
    "flock",
    [`${folder}.lock`, "sh", "-c", script, "sh", folder, name],
    {
      stdin: "ignore",
      timeout,
      all: true,
      reject: false,
    },
  );
  if (failed) throw new Error(`no Debian package ${name}: ${(all ?? "").trim().split("\n").at(-1) || shortMessage}`);
  return folder;
}
