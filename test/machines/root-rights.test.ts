import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeAuthority } from "../support/openssl-certificates.ts";
import type { SshKeys, SshNode } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshNode } from "../support/ssh-node.ts";

const obstacle = await sshNodeObstacle();
const timeout = 60_000;

/** Users of a machine of its own, with sudo as it is: `kit-free` needs no password, `kit-admin` does, `kit-guest` may not use it. */
describe.skipIf(obstacle)(`root's rights by sudo${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout }, () => {
  let keys: SshKeys;
  let node: SshNode;
  let ca: string;

  beforeAll(async () => {
    keys = await makeSshKeys();
    node = await startSshNode(keys);
    ca = await makeAuthority(keys.folder, "ca");
  });
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await keys?.[Symbol.asyncDispose]();
  });
  beforeEach(() => node.run("rm -rf /etc/docker; mkdir /etc/docker; rm -rf /run/sudo/ts"));

  const script = fileURLToPath(new URL("../support/as-nobody.ts", import.meta.url));
  const inputs = (hosts: string[]) => ({ hosts, port: 5000, certificatePem: ca, connection: { type: "local" } });
  const made = () => node.run("cd /etc/docker && find . -name ca.crt -printf '%U:%G %m %p\\n'");

  async function as(user: string, jobs: object[]) {
    const [uid, gid] = (await node.run(`id -u ${user}; id -g ${user}`)).split("\n");
    const command = ["-t", String(node.inside), "-m", "-p", process.execPath, script, String(uid), String(gid)];
    const { stdout } = await execa("nsenter", command, {
      input: jobs.map((job) => JSON.stringify(job)).join("\n"),
      timeout,
    });
    return stdout.split("\n").map((line) => JSON.parse(line));
  }

  it("are used without a question where sudo gives them so, and all goes again", async () => {
    const hosts = ["localhost", "registry.test"];
    const [up] = await as("kit-free", [{ inputs: inputs(hosts) }]);
    expect(up).toMatchObject({ problems: [], action: "create" });
    expect((await made()).split("\n").toSorted()).toEqual([
      "0:0 444 ./certs.d/localhost:5000/ca.crt",
      "0:0 444 ./certs.d/registry.test:5000/ca.crt",
    ]);
    const [again, down] = await as("kit-free", [
      { inputs: inputs(hosts), state: up.state },
      { work: "down", state: up.state },
    ]);
    expect(again).toMatchObject({ action: "none", refreshed: up.state });
    expect(down).not.toHaveProperty("error");
    expect(await node.run("ls /etc/docker")).toBe("");
  });

  it.each(["kit-admin", "kit-guest"])(
    "are not there without a terminal for %s: loopback goes on, others say what to type",
    async (user) => {
      const [loopback, other] = await as(user, [
        { inputs: inputs(["localhost"]) },
        { inputs: inputs(["registry.test"]) },
      ]);
      expect(loopback).toMatchObject({
        problems: [],
        state: { outputs: { leftOut: [expect.stringContaining("localhost:5000")] } },
      });
      expect(other.problems).toEqual([
        expect.stringContaining(`sudo install -d -o ${user} '/etc/docker/certs.d/registry.test:5000'`),
      ]);
      expect(await node.run("ls /etc/docker")).toBe("");
    },
  );

  it.each([
    ["a yes and the password", "yes", "let me in", /^0:0 444 \.\/certs\.d\/localhost:5000\/ca\.crt$/],
    ["a no", "no", "", /^$/],
  ])("are asked for on a terminal: %s", async (_, answer, password, expected) => {
    const ask = fileURLToPath(new URL("ask-on-terminal.ts", import.meta.url));
    const run = `setpriv --reuid=kit-admin --regid=kit-admin --init-groups ${process.execPath} ${ask} ${script} "$JOB"`;
    const command = ["-t", String(node.inside), "-m", "-p", "script", "-qec", run, "/dev/null"];
    const terminal = execa("nsenter", command, {
      env: { JOB: JSON.stringify({ inputs: inputs(["localhost"]) }) },
      stdin: "pipe",
      timeout,
    });
    let seen = 0;
    let said = "";
    terminal.stdout?.on("data", (data: Buffer) => {
      said += data;
      const [question] = /\(yes\/no\) |password for kit-admin: /.exec(said.slice(seen)) ?? [];
      if (!question) return;
      seen = said.length;
      terminal.stdin?.write(`${question.startsWith("(") ? answer : password}\n`);
    });
    const { stdout } = await terminal;
    expect(stdout).toContain("/etc/docker/certs.d/localhost:5000/ca.crt");
    expect(stdout).toContain("sudo install");
    expect(await made()).toMatch(expected);
    expect(stdout).toContain('"problems":[]');
    expect(await node.run("ls -d /tmp/registry-kit-root-* 2>/dev/null || true")).toBe("");
  });
});
