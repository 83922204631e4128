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

/** The programs of the image that are compiled here. */
export interface CompiledPrograms {
  /** The registry. */
  registry: string;
  /** What the health check uses; see wget.go. */
  wget: string;
  /** Both were in the cache already. */
  reused: boolean;
}

/** Compiles the image's programs with Go, statically, for linux and any architecture; kept in the cache. */
export async function compilePrograms(report: Report, options: RegistryProgramOptions): Promise<CompiledPrograms> {
  const { version, architecture, arm, cacheDirectory } = options;
  const suffix = `${version}-linux-${architecture}${arm ? `v${arm}` : ""}`;
  const registry = join(cacheDirectory, `registry-${suffix}`);
  const wget = join(cacheDirectory, `wget-${suffix}`);
  if (existsSync(registry) && existsSync(wget)) return { registry, wget, reused: true };
  const go = await ensureGo(report, options);
  report(`Registry image: compiling ${registryModule} v${version} (a minute or some)`);
  mkdirSync(cacheDirectory, { recursive: true });
  const scratch = join(cacheDirectory, "go-build");
  const environment = {
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
  };
  const ldflags = `-ldflags=-s -w -X ${distribution}/version.version=${version}`;
  await runGo(
    go,
    ["install", "-mod=mod", "-modcacherw", "-trimpath", ldflags, `${registryModule}@v${version}`],
    environment,
  );
  const folder = join(cacheDirectory, "go", "bin");
  const places = [join(folder, `linux_${architecture}`, "registry"), join(folder, "registry")];
  const built = places.find((place) => existsSync(place));
  if (!built) throw new Error(`go install left no program in ${folder} (is GOBIN set by "go env -w"?)`);
  await rename(built, registry);
  const source = join(import.meta.dirname, "wget.go");
  await runGo(go, ["build", "-modcacherw", "-trimpath", "-ldflags=-s -w", "-o", `${wget}.new`, source], environment);
  await rename(`${wget}.new`, wget);
  await rm(scratch, { recursive: true, force: true });
  return { registry, wget, reused: false };
}

async function runGo(go: string, parameters: string[], env: Record<string, string>): Promise<void> {
  // Outside of any module and workspace.
  const options = { cwd: "/", stdin: "ignore", timeout: 30 * 60_000, all: true, reject: false, env } as const;
  const result = await execa(go, parameters, options);
  if (!result.failed) return;
  const tail = (result.all ?? "").trim().split("\n").slice(-4).join("\n      ");
  const command = `go ${parameters[0]} ${parameters.at(-1)}`;
  throw new Error(`${command} failed${result.timedOut ? ": too slow" : ""}:\n      ${tail}`);
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
