import { readFileSync } from "node:fs";
import { execa } from "execa";
import { findProgram } from "./find-program.ts";

/** Whether this process may install system packages: as root on Debian, Ubuntu and what is made of them. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && findProgram("apt-get") !== undefined;
}

/** A key of /etc/os-release: `ID` is "debian", `VERSION_CODENAME` is "bookworm"; empty where there is none. */
export function osRelease(key: string, file = "/etc/os-release"): string {
  try {
    const line = readFileSync(file, "utf8")
      .split("\n")
      .find((text) => text.startsWith(`${key}=`));
    return line?.slice(key.length + 1).replace(/^["']|["']$/g, "") ?? "";
  } catch {
    return "";
  }
}

/** Fetches the package lists; a package source that does not answer is no error where others do. */
export async function updatePackageLists(options: readonly string[] = []): Promise<void> {
  await apt("apt-get", [...options, "update"], 300);
}

/** Installs system packages without their recommendations, with the lists as they are. */
export async function installPackages(names: readonly string[]): Promise<void> {
  await apt("apt-get", ["install", "-y", "--no-install-recommends", ...names], 900);
}

/** The packages that apt can install and whose whole name matches a POSIX regular expression. */
export async function findPackages(pattern: string): Promise<string[]> {
  const found = await apt("apt-cache", ["search", "--names-only", `^${pattern}$`], 60);
  return found.split("\n").flatMap((line) => line.split(" - ")[0] || []);
}

/** Runs one of apt's programs, bounded, without questions; an error shows the end of what it said. */
export async function apt(
  program: "apt-get" | "apt-cache",
  parameters: readonly string[],
  timeoutSeconds: number,
  cwd = "/",
): Promise<string> {
  const options = program === "apt-get" ? ["-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2"] : [];
  const result = await execa(program, [...options, ...parameters], {
    cwd,
    stdin: "ignore",
    timeout: timeoutSeconds * 1000,
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    all: true,
    reject: false,
  });
  if (!result.failed) return result.stdout;
  const tail = (result.all ?? "").trim().split("\n").slice(-6).join("\n  ");
  throw new Error(`"${program} ${parameters.join(" ")}" failed: ${result.timedOut ? "too slow" : ""}\n  ${tail}`);
}
