import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeSocketFolder } from "../../../../engine/services/socket-folder.ts";
import { ownerIn } from "../../../../lib/protocol/own-user/peer-owner.ts";
import { findProgram } from "../../../../scripts/machine/find-program.ts";
import { writeTestPack } from "../../../engine/policy/test-pack.ts";
import { TestProject } from "../../../engine/support/test-project.ts";

const client = fileURLToPath(new URL("./call-as.ts", import.meta.url));
const nobody = 65534;
const root = process.platform === "linux" && process.getuid?.() === 0;

/** What a test's program begins with to look at the processes of its own run, while they run. */
const look = `
  const { execFileSync } = require("node:child_process");
  const { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } = require("node:fs");
  const { dirname, join } = require("node:path");
  const report = (seen) => writeFileSync(join(process.env.TEST_WORLD, "seen.json"), JSON.stringify(seen));
  const call = (user, address) => execFileSync(process.execPath, [${JSON.stringify(client)}, String(user), address], { encoding: "utf8" });
  const quietly = (read, otherwise) => { try { return read(); } catch { return otherwise; } };
  /** The run's processes with a text in their environment. */
  const told = (text) => readdirSync("/proc").filter((pid) => quietly(() => {
    const environment = readFileSync(join("/proc", pid, "environ"), "utf8");
    return environment.includes(process.env.TEST_WORLD) && environment.includes(text);
  }, false));
  /** The ports on which the run's processes listen. */
  const listening = (command) => {
    const pids = readdirSync("/proc").filter((pid) => quietly(() =>
      command.test(readFileSync(join("/proc", pid, "cmdline"), "utf8")) && readFileSync(join("/proc", pid, "environ"), "utf8").includes(process.env.TEST_WORLD), false));
    if (pids.length < 2) throw new Error("The run's processes were not found.");
    const inodes = pids.flatMap((pid) => quietly(() => readdirSync(join("/proc", pid, "fd")), [])
      .map((fd) => /socket:.(\\d+)/.exec(quietly(() => readlinkSync(join("/proc", pid, "fd", fd)), ""))?.[1]));
    const lines = ["tcp", "tcp6"].flatMap((table) => readFileSync("/proc/net/" + table, "utf8").trim().split("\\n").slice(1));
    return lines.map((line) => line.trim().split(/\\s+/)).filter((fields) => fields[3] === "0A" && inodes.includes(fields[9]))
      .map((fields) => parseInt(fields[1].split(":")[1], 16));
  };
`;

function callAs(user: number, address: string, how = "ask"): string {
  return execFileSync(process.execPath, [client, `${user}`, address, how], { encoding: "utf8", timeout: 60_000 });
}

describe("the owner of a peer's socket", () => {
  const ends = { localAddress: "127.0.0.1", localPort: 0x93b1, remoteAddress: "127.0.0.1", remotePort: 0x82c2 };
  const line = (local: string, remote: string, state = "01", owner = 1000, inode = 62948) =>
    `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${owner}        0 ${inode} 2 000000003677d0cb 20 0 0 10 -1`;
  const server = line("0100007F:93B1", "0100007F:82C2", "01", 0);
  const mapped = "0000000000000000FFFF00000100007F";
  it.each([
    ["is that of its own line, not of the server's", [server, line("0100007F:82C2", "0100007F:93B1")], 1000],
    ["is found with an IPv6 socket", [server, line(`${mapped}:82C2`, `${mapped}:93B1`)], 1000],
    ["is not that of another port's", [line("0100007F:82C3", "0100007F:93B1")], undefined],
    ["is nobody where the socket waits for its end", [line("0100007F:82C2", "0100007F:93B1", "06", 0, 0)], undefined],
    ["is nobody where its process has closed it", [line("0100007F:82C2", "0100007F:93B1", "01", 0, 0)], undefined],
    ["is not known where the table lacks it", [server], undefined],
  ])("%s", (_name, lines, owner) => {
    expect(ownerIn(["  sl  local_address rem_address   st", ...lines].join("\n"), ends)).toBe(owner);
  });
});

describe("the folder of an engine's sockets", () => {
  it("removes what a killed engine left, and leaves alone what belongs to a running one", async () => {
    const old = mkdtempSync(join(tmpdir(), "pulumi-engine-"));
    const running = makeSocketFolder();
    const listener = createServer().listen(running.socket);
    await once(listener, "listening");
    for (const folder of [old, dirname(running.socket)]) utimesSync(folder, 0, 0);
    const folder = makeSocketFolder();
    await expect.poll(() => existsSync(old)).toBe(false);
    expect(existsSync(running.socket)).toBe(true);
    listener.close();
    for (const made of [running, folder]) made.remove();
    expect(existsSync(dirname(folder.socket))).toBe(false);
  });
});

describe.skipIf(!root)(`other users${root ? "" : " (skipped: needs root on Linux, to become another user)"}`, () => {
  it("get nothing from a provider that listens on a port, as it does under the Pulumi CLI", async () => {
    const world = mkdtempSync(join(tmpdir(), "own-user-"));
    const executable = fileURLToPath(new URL("../../../engine/support/provider/pulumi-resource-test", import.meta.url));
    const env = { ...process.env, TEST_WORLD: world };
    const provider = spawn(process.execPath, [executable], { env, stdio: ["ignore", "pipe", "pipe"] });
    try {
      const [port] = await once(createInterface(provider.stdout), "line", { signal: AbortSignal.timeout(60_000) });
      const said = once(createInterface(provider.stderr), "line");
      const address = `127.0.0.1:${port}`;
      expect(callAs(nobody, address)).toBe("UNAVAILABLE");
      expect((await said)[0]).toBe(`Refused a connection from a process of user ${nobody}; this is user 0.`);
      expect(callAs(nobody, `[::ffff:127.0.0.1]:${port}`)).toBe("UNAVAILABLE");
      expect(callAs(nobody, address, "vanish")).toBe("gone");
      expect(existsSync(join(world, "calls.log")), "nothing was asked").toBe(false);
      expect(callAs(0, address)).toBe("version 1.2.3");
    } finally {
      provider.kill("SIGKILL");
      rmSync(world, { recursive: true });
    }
  }, 180_000);

  it("get nothing from the built-in engine and its plugins, which open no port", async () => {
    using project = new TestProject(`${look}
      const one = new Thing("one");
      const made = new (class extends pulumi.dynamic.Resource {})({ create: async () => ({ id: "x", outs: {} }) }, "made", {});
      module.exports = async () => {
        await new Promise((resolve) => pulumi.all([one.object, made.id]).apply(resolve));
        const address = process.env.PULUMI_NODEJS_MONITOR;
        const folder = dirname(address.slice("unix:".length));
        const sockets = readdirSync(folder).map((name) => "unix:" + join(folder, name));
        report({ address, mode: statSync(folder).mode & 0o777, ports: listening(/./).length, told: told("correct horse").length,
          nobody: sockets.map((socket) => call(${nobody}, socket)), own: sockets.map((socket) => call(0, socket)) });
      };
    `);
    writeTestPack(project);
    expect(await project.run("up", { policyPacks: [{ path: "pack" }] })).toMatchObject({ exitCode: 0, errors: [] });
    const seen = JSON.parse(readFileSync(join(project.world, "seen.json"), "utf8"));
    expect(seen).toMatchObject({ address: expect.stringMatching(/^unix:/), mode: 0o700, ports: 0, told: 0 });
    expect(seen.nobody).toEqual(["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
    expect(seen.own.toSorted()).toEqual(["UNIMPLEMENTED", "UNIMPLEMENTED", "version 1.2.3", "version 3.270.0"]);
    expect(existsSync(seen.address.slice("unix:".length)), "the sockets are gone").toBe(false);
  }, 180_000);

  const cli = findProgram("pulumi") !== undefined;
  const reason = cli ? "" : " (skipped: pulumi is not on PATH)";
  it.skipIf(!cli)(
    `get nothing from the kit's provider and policies under the Pulumi CLI${reason}`,
    async () => {
      using project = new TestProject(`${look}
      const one = new Thing("one", { value: 1 });
      module.exports = async () => {
        await new Promise((resolve) => one.urn.apply(resolve));
        const ports = listening(/pulumi-resource-test|run-policy-pack/);
        report({ nobody: ports.map((port) => call(${nobody}, "127.0.0.1:" + port)), own: ports.map((port) => call(0, "127.0.0.1:" + port)) });
      };
    `);
      const pack = fileURLToPath(new URL("../../../policy", import.meta.url));
      const pulumi = (...parameters: string[]) =>
        execFileSync("pulumi", [...parameters, "--stack", "dev", "--non-interactive"], {
          cwd: project.folder,
          env: project.environment,
          stdio: "pipe",
        });
      pulumi("stack", "init");
      pulumi("preview", "--policy-pack", pack);
      const seen = JSON.parse(readFileSync(join(project.world, "seen.json"), "utf8"));
      expect(seen.own.toSorted()).toEqual(["UNIMPLEMENTED", "version 1.2.3"]);
      expect(seen.nobody).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
    },
    180_000,
  );
});
