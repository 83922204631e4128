import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project/project-root.ts";

/** Longest time for the first installation, in ms: downloads included. */
const longest = 5 * 60_000;
/** Other workers wait for the lock instead of installing too; the kernel frees it however the holder ends. */
const install =
  'test -e "$1/ready" || { python3 -m venv "$1" && f=$1 && shift && "$f/bin/pip" install --quiet --disable-pip-version-check "$@" && touch "$f/ready"; }';

/**
 * The folder of the programs of a Python environment; the first use on a machine makes it in `.cache/tools`.
 *
 * @param name with the version, such as `moto-5.2.5`: another version is another environment
 * @param packages what pip installs, each in one fixed version
 * @throws where it is neither there nor can be had: no Python, no package index
 */
export async function pythonTool(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(projectRoot, ".cache", "tools", name);
  if (existsSync(join(folder, "ready"))) return join(folder, "bin");
  await mkdir(folder, { recursive: true });
  const result = await execa("flock", [`${folder}.lock`, "sh", "-c", install, "sh", folder, ...packages], {
    stdin: "ignore",
    timeout: longest,
    all: true,
    reject: false,
  });
  if (!result.failed) return join(folder, "bin");
  const reason = result.timedOut ? `not within ${longest / 60_000} minutes` : (result.all ?? "").trim();
  throw new Error(`no ${name}: ${reason.split("\n").at(-1) || result.shortMessage}`);
}
