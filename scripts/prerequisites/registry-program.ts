import { existsSync, mkdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ensureGo } from "./go-toolchain.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";

const distribution = "github.com/distribution/distribution/v3";
export const registryModule = `${distribution}/cmd/registry`;

export interface RegistryProgramOptions extends PrerequisiteOptions {
  /** The release of distribution: `3.1.2`. */
  version: string;
  /** In Go's terms: `amd64`. */
  architecture: string;
  /** The version of 32 bit ARM: `7`. */
  arm?: string | undefined;
  cacheDirectory: string;
}

/** Compiles the registry with Go, statically, for linux and any architecture; kept in the cache. */
export async function buildRegistryProgram(
  report: Report,
  options: RegistryProgramOptions,
): Promise<{ file: string; reused: boolean }> {
  const { version, architecture, arm, cacheDirectory } = options;
  const file = join(cacheDirectory, `registry-${version}-linux-${architecture}${arm ? `v${arm}` : ""}`);
  if (existsSync(file)) return { file, reused: true };
  const go = await ensureGo(report, options);
  report(`Registry image: compiling ${registryModule} v${version} (a minute or some)`);
  mkdirSync(cacheDirectory, { recursive: true });
  const scratch = join(cacheDirectory, "go-build");
  const ldflags = `-s -w -X ${distribution}/version.version=${version}`;
  const result = await execa(
    go,
    ["install", "-mod=mod", "-modcacherw", "-trimpath", `-ldflags=${ldflags}`, `${registryModule}@v${version}`],
    {
      // Outside of any module and workspace.
      cwd: "/",
      stdin: "ignore",
      timeout: 30 * 60_000,
      all: true,
      reject: false,
      env: {
        CGO_ENABLED: "0",
        GOOS: "linux",
        GOARCH: architecture,
        ...(arm ? { GOARM: arm } : {}),
        GOWORK: "off",
        GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? "auto",
        // Not GOBIN: with it go refuses to install for another architecture.
        GOPATH: join(cacheDirectory, "go"),
        GOBIN: "",
        ...(await caches(go, scratch)),
      },
    },
  );
  if (result.failed) {
    const tail = (result.all ?? "").trim().split("\n").slice(-4).join("\n      ");
    throw new Error(
      `go install ${registryModule}@v${version} failed${result.timedOut ? ": too slow" : ""}:\n      ${tail}`,
    );
  }
  const folder = join(cacheDirectory, "go", "bin");
  const places = [join(folder, `linux_${architecture}`, "registry"), join(folder, "registry")];
  const built = places.find((place) => existsSync(place));
  if (!built) throw new Error(`go install left no program in ${folder} (is GOBIN set by "go env -w"?)`);
  await rename(built, file);
  await rm(scratch, { recursive: true, force: true });
  return { file, reused: false };
}

/**
 * Where Go keeps modules and what it compiled: the user's caches where there are any. Who has none does not work with Go:
 * then 2 GB would stay behind for nothing, so they are kept only until the build succeeds.
 */
async function caches(go: string, scratch: string): Promise<Record<string, string>> {
  const options = { cwd: "/", env: { GOTOOLCHAIN: "local" }, timeout: 30_000 };
  const { stdout: modules } = await execa(go, ["env", "GOMODCACHE"], options);
  if (existsSync(modules)) return { GOMODCACHE: modules };
  return { GOMODCACHE: join(scratch, "modules"), GOCACHE: join(scratch, "objects") };
}
