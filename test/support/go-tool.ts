import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project/project-root.ts";

/** A program for tests that Go compiles from its module, in one fixed version. */
export interface GoTool {
  /** Import path of the program's package: `example.com/module/cmd/program`. */
  package: string;
  /** Such as `v1.8.0`. */
  version: string;
  /** Why it is not compiled by itself: it must be in `.cache/tools` already. */
  tooSlow?: string;
}

/** Longest time for a first compilation, in ms: downloads of the modules included. */
const longest = 8 * 60_000;

/**
 * The path of the program; on first use it is compiled into `.cache/tools`, which takes a minute or two.
 *
 * @throws where it is neither there nor can be had: no Go, no module proxy
 */
export async function goTool({ package: path, version, tooSlow }: GoTool): Promise<string> {
  const name = path.split("/").at(-1) ?? path;
  const folder = join(projectRoot, ".cache", "tools", `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  if (tooSlow)
    throw new Error(
      `${name} ${tooSlow}; by hand: GOBIN=${relative(projectRoot, folder)} go install ${path}@${version}`,
    );
  await mkdir(folder, { recursive: true });
  // Other workers wait for the lock instead of compiling too; the kernel frees it however the holder ends.
  const script = 'test -x "$1" || exec go install "-ldflags=-s -w" "$2"';
  const result = await execa("flock", [`${folder}.lock`, "sh", "-c", script, "sh", program, `${path}@${version}`], {
    cwd: "/",
    env: {
      GOBIN: folder,
      GOWORK: "off",
      GOFLAGS: "",
      PATH: `${process.env.PATH}:/usr/local/go/bin`,
      // Go refuses to run without a place for its cache.
      HOME: homedir(),
    },
    stdin: "ignore",
    timeout: longest,
    all: true,
    reject: false,
  });
  if (!result.failed) return program;
  const reason = result.timedOut ? `not within ${longest / 60_000} minutes` : (result.all ?? "").trim();
  throw new Error(`no ${name} ${version}: ${reason.split("\n").at(-1) || result.shortMessage}`);
}
