import { existsSync, readdirSync } from "node:fs";
import { execa } from "execa";
import { canInstallPackages, findPackages, installPackages, updatePackageLists } from "./apt.ts";
import { addBackports } from "./backports.ts";
import { findProgram } from "./find-program.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";
import { compareVersions } from "./versions.ts";

/** From 1.21 on, Go fetches the newer release that a module asks for through the module proxy (GOTOOLCHAIN). */
const minimumGo = "1.21";

/**
 * The `go` command to build with: one of the machine, else (as root on Debian and Ubuntu) the newest that apt offers,
 * with the release's backports where it offers none that is new enough.
 *
 * @returns the program's path
 */
export async function ensureGo(report: Report, { install }: PrerequisiteOptions): Promise<string> {
  const present = await findGo();
  if (typeof present === "string") return present;
  const problem = present.tooOld ? `${present.tooOld} is older than ${minimumGo}` : "there is no go command";
  if (!install || !canInstallPackages())
    throw new Error(`${problem}, and this user can't install one (root on Debian or Ubuntu)`);
  await updatePackageLists();
  let name = await newestPackage();
  let remark = "";
  if (!name) {
    const file = await addBackports();
    if (file) remark = `, from the backports (${file})`;
    name = await newestPackage();
  }
  if (!name) throw new Error(`${problem}, and apt offers none either`);
  report(`Go: ${problem}, running apt-get install ${name}${remark}`);
  await installPackages([name, "ca-certificates"]);
  const installed = await findGo();
  if (typeof installed === "string") return installed;
  throw new Error(`${name} is installed, but its go command was not found`);
}

async function findGo(): Promise<string | { tooOld?: string }> {
  const onPath = findProgram("go", ["/usr/local/go/bin"]);
  let tooOld: string | undefined;
  for (const go of [...(onPath ? [onPath] : []), ...versionedGo()]) {
    // GOTOOLCHAIN=local: the version of this program, not of one that it would fetch.
    const { stdout } = await execa(go, ["env", "GOVERSION"], {
      env: { GOTOOLCHAIN: "local" },
      cwd: "/",
      reject: false,
      timeout: 30_000,
    });
    if (stdout && compareVersions(stdout, minimumGo) >= 0) return go;
    tooOld ??= `${stdout || "the go command"} at ${go}`;
  }
  return tooOld === undefined ? {} : { tooOld };
}

/** Where Debian's packages golang-1.N-go put it, newest first; they leave PATH alone. */
function versionedGo(): string[] {
  if (!existsSync("/usr/lib")) return [];
  return readdirSync("/usr/lib")
    .filter((name) => /^go-1\.\d+$/.test(name))
    .toSorted((a, b) => compareVersions(b, a))
    .map((name) => `/usr/lib/${name}/bin/go`)
    .filter((file) => existsSync(file));
}

async function newestPackage(): Promise<string | undefined> {
  const names = (await findPackages("golang-1\\.[0-9]+-go")).filter((name) => compareVersions(name, minimumGo) >= 0);
  return names.toSorted(compareVersions).at(-1);
}
