import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startDockerDaemon, stopDockerDaemon } from "../../../scripts/machine/docker-daemon.ts";
import { ensureDockerEngine } from "../../../scripts/machine/docker-engine.ts";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { processIdentity } from "../../../scripts/machine/process-identity.ts";

const folders: string[] = [];
function folder(): string {
  // Short: a socket's path may have 108 bytes.
  const path = mkdtempSync(join(tmpdir(), "kit-"));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

describe("the Docker engine", () => {
  it("is reported in one line where it answers", async () => {
    const lines: string[] = [];
    const host = "unix:///var/run/docker.sock";
    const docker = new Docker({ socketPath: "/var/run/docker.sock" });
    const engine = await ensureDockerEngine((line) => lines.push(line), {
      install: false,
      host,
      docker,
      stateDirectory: folder(),
    });
    expect(engine.version).toMatch(/^\d+\./);
    expect(["amd64", "arm64"]).toContain(engine.architecture);
    expect(lines).toEqual([`Docker engine: ${engine.version} at ${host}`]);
  });

  it.each([
    ["tcp://127.0.0.1:1", new Docker({ host: "127.0.0.1", port: 1, protocol: "http" })],
    ["unix:///nowhere/docker.sock", new Docker({ socketPath: "/nowhere/docker.sock" })],
  ])("that is not this machine's own (%s) is never installed, the error names it", async (host, docker) => {
    const ensured = ensureDockerEngine(() => {}, { install: true, host, docker, stateDirectory: folder() });
    await expect(ensured).rejects.toThrow(new RegExp(`${host} does not answer: .*(ECONNREFUSED|ENOENT)`));
  });

  it("that is absent is only reported without leave to install, with the command to type", async () => {
    const host = "unix:///var/run/docker.sock";
    const docker = new Docker({ socketPath: "/nowhere/docker.sock" });
    const ensured = ensureDockerEngine(() => {}, { install: false, host, docker, stateDirectory: folder() });
    await expect(ensured).rejects.toThrow(/Docker engine: (not installed|installed, but not running)\. Type: /);
  });
});

const canStart = process.getuid?.() === 0 && findProgram("dockerd", ["/usr/sbin"]) && findProgram("ip", ["/usr/sbin"]);

describe.skipIf(!canStart)("a daemon in the background (needs root, dockerd and ip)", () => {
  const bridge = `kit${process.pid}`;
  beforeAll(async () => {
    await execa("ip", ["link", "add", bridge, "type", "bridge"]);
    await execa("ip", ["address", "add", "192.0.2.1/30", "dev", bridge]);
  });
  afterAll(async () => {
    await execa("ip", ["link", "delete", bridge]);
  });

  function options() {
    const home = folder();
    const socketPath = join(home, "d.sock");
    writeFileSync(join(home, "daemon.json"), "{}");
    return {
      docker: new Docker({ socketPath }),
      stateDirectory: join(home, "state"),
      dataRoot: join(home, "data"),
      arguments: [
        `--host=unix://${socketPath}`,
        `--data-root=${join(home, "data")}`,
        `--exec-root=${join(home, "exec")}`,
        `--pidfile=${join(home, "docker.pid")}`,
        `--config-file=${join(home, "daemon.json")}`,
        // Not "none": a daemon without a bridge removes docker0, which another one on this machine may be using.
        `--bridge=${bridge}`,
        "--iptables=false",
      ],
    };
  }

  it("answers when it is started, is not started twice, and is gone when it is stopped", async () => {
    const given = options();
    const lines: string[] = [];
    try {
      await startDockerDaemon(given);
      const record = readFileSync(join(given.stateDirectory, "docker", "daemon.json"), "utf8");
      const { pid } = JSON.parse(record) as { pid: number };
      expect((await given.docker.info()).DockerRootDir).toBe(given.dataRoot);

      await startDockerDaemon(given);
      expect(readFileSync(join(given.stateDirectory, "docker", "daemon.json"), "utf8")).toBe(record);

      expect(await stopDockerDaemon((line) => lines.push(line), given)).toBe(true);
      expect(processIdentity(pid)).toBeUndefined();
      expect(lines).toEqual([`Docker engine: stopped (process ${pid}); images and volumes are kept`]);
      await expect(given.docker.ping()).rejects.toThrow();
    } finally {
      await stopDockerDaemon(() => {}, given);
    }
  });

  it("that dies shows the end of its log and leaves no record", async () => {
    const given = options();
    given.arguments.push("--no-such-flag");
    await expect(startDockerDaemon(given)).rejects.toThrow(/ended while it started[\s\S]*no-such-flag/);
    expect(existsSync(join(given.stateDirectory, "docker", "daemon.json"))).toBe(false);
  });
});

describe("stopping the daemon", () => {
  it("never touches a process that only has the recorded id", async () => {
    const stateDirectory = folder();
    mkdirSync(join(stateDirectory, "docker"));
    // This very process, as if an earlier one with its id had been the daemon.
    const record = { pid: process.pid, identity: "an earlier boot/1" };
    writeFileSync(join(stateDirectory, "docker", "daemon.json"), JSON.stringify(record));
    const lines: string[] = [];
    expect(await stopDockerDaemon((line) => lines.push(line), { stateDirectory })).toBe(false);
    expect(lines).toEqual(["Docker engine: none was started by this project, nothing to stop"]);
  });
});
