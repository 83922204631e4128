import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project/project-root.ts";

/** Longest time for one package, in ms. */
const timeout = 3 * 60_000;

/**
 * The folder with the files of a Debian package, and of those that it needs and that are not installed here, as the
 * release has them: unpacked into `.cache/tools` at first use. Nothing is installed, nothing changes on the machine.
 *
 * @throws where they can't be had: not Debian, no package lists, no way to a mirror
 */
export async function debianPackage(name: string): Promise<string> {
  const folder = join(projectRoot, ".cache", "tools", "debian", name);
  if (existsSync(folder)) return folder;
  await mkdir(join(folder, ".."), { recursive: true });
  // Other workers wait for the lock instead of loading it too; the kernel frees it however the holder ends.
  const command = ["sh", "-c", unpack, "sh", folder, name];
  const { failed, all, shortMessage } = await execa("flock", [`${folder}.lock`, ...command], {
    stdin: "ignore",
    timeout,
    all: true,
    reject: false,
  });
  if (failed) throw new Error(`no Debian package ${name}: ${(all ?? "").trim().split("\n").at(-1) || shortMessage}`);
  return folder;
}

/** Where an unpacked package has its libraries: the folder is named after the machine's architecture. */
export function debianLibraries(folder: string): string {
  const architecture = { x64: "x86_64", arm64: "aarch64" }[process.arch as string] ?? process.arch;
  return join(folder, "usr", "lib", `${architecture}-linux-gnu`);
}

const unpack = `test -d "$1" && exit
  cd "$(mktemp -d "$1.XXXXXX")"
  needed=$(apt-get -qq --simulate --no-install-recommends install "$2" | sed -n 's/^Inst \\([^ ]*\\).*/\\1/p')
  apt-get -qq download $(printf '%s\\n' "$2" $needed | sort -u) 2>&1 &&
    for file in *.deb; do dpkg -x "$file" files || exit; done &&
    mv files "$1"
  status=$?; rm -rf "$PWD"; exit $status`;
