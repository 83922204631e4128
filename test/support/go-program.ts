import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../scripts/project/project-root.ts";

const path = `${process.env.PATH}:/usr/local/go/bin`;

/** Whether there is a Go compiler here. */
export async function hasGo(): Promise<boolean> {
  return !(await execa("go", ["version"], { env: { PATH: path }, reject: false })).failed;
}

/** The path of a program of one Go file, which needs the standard library alone; compiled on first use into `.cache/tools`. */
export async function goProgram(name: string, source: string): Promise<string> {
  const folder = join(
    projectRoot,
    ".cache",
    "tools",
    `${name}-${createHash("sha256").update(source).digest("hex").slice(0, 12)}`,
  );
  const program = join(folder, name);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "main.go"), source);
  // Without the version of its language, Go goes back to the rules of old ones.
  const { stdout } = await execa("go", ["env", "GOVERSION"], { env: { PATH: path, HOME: homedir() } });
  await writeFile(join(folder, "go.mod"), `module ${name}\n\ngo ${/\d+\.\d+/.exec(stdout)?.[0]}\n`);
  const env = { GO111MODULE: "on", GOWORK: "off", GOFLAGS: "", PATH: path, HOME: homedir() };
  await execa("go", ["build", "-o", program, "."], { cwd: folder, env, timeout: 5 * 60_000 });
  return program;
}
