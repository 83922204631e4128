import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Docker from "dockerode";
import { execa } from "execa";
import { expect, it } from "vitest";
import { measures } from "../../bench/measures/measures.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describeWithDocker("npm run bench", () => {
  it("measures, writes its files and removes what it made", async () => {
    await using state = await temporaryFolder();
    const before = await benchObjects();
    const { stdout, stderr, exitCode } = await bench(state.path, "--only", "preview", "--runs", "1", "--json");
    const { figures, problems, runs } = JSON.parse(stdout);
    expect({ runs, problems }).toEqual({ runs: 1, problems: [] });
    expect(figures).toMatchObject([{ name: "preview", unit: "ms", subject: { values: [expect.any(Number)] } }]);
    expect(exitCode).toBe(figures[0].verdict === "met" ? 0 : 1);
    const written = /Written: (\S+\.json), (\S+\.svg)/.exec(stderr)?.slice(1) ?? [];
    expect(written.map((file) => existsSync(join(projectRoot, file)))).toEqual([true, true]);
    for (const file of written) await rm(join(projectRoot, file));
    expect(await benchObjects()).toEqual(before);
  });

  it("removes what it made when it is interrupted, and ends with 130", async () => {
    await using state = await temporaryFolder();
    const before = await benchObjects();
    const running = bench(state.path, "--only", "preview", "--runs", "1");
    running.stderr?.on("data", (chunk) => {
      if (String(chunk).includes("preview:")) running.kill("SIGINT");
    });
    const { exitCode, stderr } = await running;
    expect(stderr).toContain("Stopping");
    expect(exitCode).toBe(130);
    expect(await benchObjects()).toEqual(before);
  });

  it.each([
    ["docker-psh", /The nearest: docker-push/],
    ["trust-node", /The nearest: trust-nodes/],
    ["speed", /npm run bench -- --help/],
  ])("names the nearest measures and figures when it is asked for %s", async (wrong, message) => {
    const { exitCode, stderr } = await bench("/", "--only", wrong);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });
});

it("every figure of docs/benchmarks.md is one that a measure gives, and that --only takes", () => {
  const page = readFileSync(join(projectRoot, "docs", "benchmarks.md"), "utf8");
  const documented = [...page.matchAll(/^\| `?([a-z]+(?:-[a-z]+)*)`? \| /gm)].map(([, name = ""]) => name);
  const figures = measures.flatMap(({ figures, onlyByName }) => (onlyByName ? [] : figures));
  expect(new Set(documented)).toEqual(new Set(figures));
  expect(figures.length).toBe(new Set(figures).size);
});

function bench(state: string, ...options: string[]) {
  const env = { PULUMI_BACKEND_URL: pathToFileURL(state).href, PULUMI_CONFIG_PASSPHRASE: "bench" };
  const parameters = [join(projectRoot, "bench", "command.ts"), ...options];
  return execa(process.execPath, parameters, { cwd: projectRoot, env, reject: false, timeout: 110_000 });
}

/** Names of the containers and volumes of every bench on this engine. */
async function benchObjects(): Promise<string[]> {
  const docker = new Docker();
  const filters = { name: ["registry-kit-bench-"] };
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  return [...containers.flatMap(({ Names }) => Names), ...volumes.map(({ Name }) => Name)].toSorted();
}
