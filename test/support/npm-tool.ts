import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project/project-root.ts";

/** A program for tests from npm's registry that the project does not depend on, in one fixed version. */
export interface NpmTool {
  /** Name of the package. */
  name: string;
  version: string;
  /** Its JavaScript file, from the package's folder on. */
  program: string;
}

/** Longest time for the first installation, in ms: downloads included. */
const longest = 5 * 60_000;

/**
 * The path of the program; on first use the package is installed into `.cache/tools`. No install script is run.
 *
 * @throws where it is neither there nor can be had; the message says what npm says
 */
export async function npmTool({ name, version, program: file }: NpmTool): Promise<string> {
  const folder = join(projectRoot, ".cache", "tools", `${name}-${version}`);
  const program = join(folder, "node_modules", name, file);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  // Other workers wait for the lock instead of installing too; the kernel frees it however the holder ends.
  const result = await execa(
    "flock",
    [`${folder}.lock`, "sh", "-c", script, "sh", program, folder, `${name}@${version}`],
    {
      cwd: folder,
      stdin: "ignore",
      timeout: longest,
      all: true,
      reject: false,
    },
  );
  if (!result.failed) return program;
  const reason = result.timedOut ? `not within ${longest / 60_000} minutes` : npmReason(result.all ?? "");
  throw new Error(`no ${name} ${version}: ${reason || result.shortMessage}`);
}

const script =
  'test -e "$1" || exec npm install --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$2" "$3"';

/** The code and the first sentence of what npm says: `ETARGET, notarget No matching version found for ...`. */
function npmReason(output: string): string {
  const lines = output.split("\n").flatMap((line) => /^npm (?:error|ERR!) (?:code )?(\S.*)$/.exec(line)?.[1] ?? []);
  return lines.slice(0, 2).join(", ");
}
