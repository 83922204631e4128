import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DockerNode } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { sshNodeObstacle } from "../support/ssh-node.ts";

// Of the second, sudo is what is needed.
const obstacle = (await dockerNodeObstacle()) ?? (await sshNodeObstacle());
const title = `daemon.json of a real daemon, by a user of group docker without root's rights${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 60_000 }, () => {
  let network: NodeNetwork;
  let node: DockerNode;
  let file: string;
  const script = fileURLToPath(new URL("../support/as-nobody.ts", import.meta.url));

  beforeAll(async () => {
    network = await nodeNetwork();
    node = await network.startNode();
    file = join(node.folder, "etc", "daemon.json");
    await asRoot("mount -t tmpfs -o mode=0755 tmpfs /etc/sudoers.d");
    // The user's group may use the daemon.
    await asRoot(`chmod a+x ${dirname(node.folder)} ${node.folder}; chgrp 65534 ${node.socket}`);
  });
  afterAll(() => network?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await rm(file, { force: true });
    await asRoot(`rm -f /etc/sudoers.d/test; kill -HUP ${await node.daemonPid()}`);
  });

  const asRoot = async (line: string) => (await execa(...node.inside("sh", ["-ec", line]))).stdout;
  const giveSudo = () =>
    asRoot("echo 'nobody ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/test; chmod 0440 /etc/sudoers.d/test");
  const insecure = { connection: { type: "local" }, insecureRegistries: ["r.test:5000"] };
  const mirror = (url: string) => ({ connection: { type: "local" }, registryMirrors: [url] });
  const config = () => node.docker("info", "--format", "{{json .RegistryConfig}}");

  /** What the user's runs do, one after the other. */
  async function asNobody(...jobs: object[]) {
    const input = jobs.map((job) => JSON.stringify({ of: "daemon", ...job })).join("\n");
    const { stdout } = await execa(...node.inside(process.execPath, [script, "65534", "65534"]), { input });
    return stdout.split("\n").map((line) => JSON.parse(line));
  }
  /** The command at the end of a message, typed by somebody who may use sudo. */
  const commandIn = (message: string) =>
    asRoot(message.slice(message.search(/printf |sudo kill/)).replaceAll("sudo ", ""));

  it("says at preview what to type where there is no file; then there is nothing left to do", async () => {
    const [{ problems }] = await asNobody({ inputs: insecure });
    expect(problems).toEqual([
      expect.stringMatching(/^file: can't be written by this user .*Run this, then the same command again: printf /),
    ]);
    await commandIn(problems[0]);
    await expect.poll(config).toContain('"r.test:5000":{');
    const [up] = await asNobody({ inputs: insecure });
    expect(up).toMatchObject({ problems: [], action: "create" });
    const [again] = await asNobody({ inputs: insecure, state: up.state });
    expect(again).toMatchObject({ problems: [], action: "none", refreshed: up.state });
    // Who added it takes it out.
    const [down] = await asNobody({ work: "down", state: up.state });
    expect(down).not.toHaveProperty("error");
    expect(await readFile(file, "utf8")).toContain("r.test:5000");
  });

  it("says which entry to add where there is a file, and shows nothing of it", async () => {
    await writeFile(file, '{"debug":false,"http-proxy":"http://me:secret@proxy.test"}');
    const [{ problems }] = await asNobody({ inputs: insecure });
    expect(problems).toEqual([
      expect.stringMatching(
        /add "r\.test:5000" to "insecure-registries" in \/etc\/docker\/daemon\.json, then: sudo kill -HUP \d+$/,
      ),
    ]);
    await writeFile(file, '{"debug":false,"insecure-registries":["r.test:5000"]}');
    await commandIn(problems[0]);
    await expect.poll(config).toContain('"r.test:5000":{');
  });

  it("leaves a mirror on a loopback host out, and takes it up as soon as it can", async () => {
    const inputs = mirror("https://127.0.0.1:5001");
    const [up] = await asNobody({ inputs });
    expect(up).toMatchObject({
      problems: [],
      action: "create",
      state: { outputs: { leftOut: ["https://127.0.0.1:5001"] } },
    });
    expect(up.log.join()).toMatch(/^info: left out: .*To add it: printf /);
    const [again] = await asNobody({ inputs, state: up.state });
    expect(again).toMatchObject({ problems: [], action: "none" });
    await giveSudo();
    const [later] = await asNobody({ inputs, state: up.state });
    expect(later).toMatchObject({ problems: [], action: "update" });
    expect(await config()).toContain('"Mirrors":["https://127.0.0.1:5001/"]');
    const [down] = await asNobody({ work: "down", state: later.state });
    expect(down).not.toHaveProperty("error");
    expect(await config()).toContain('"Mirrors":[]');
  });

  it("refuses a mirror on another host", async () => {
    const [{ problems }] = await asNobody({ inputs: mirror("https://m.test:5001") });
    expect(problems).toEqual([expect.stringContaining("registry-mirrors")]);
  });

  it("is changed with sudo where that asks nothing, and is put back", async () => {
    await giveSudo();
    await writeFile(file, '{"debug":false}');
    const [up] = await asNobody({ inputs: insecure });
    expect(up).toMatchObject({ problems: [], action: "create" });
    expect(await config()).toContain('"r.test:5000":{');
    const [again] = await asNobody({ inputs: insecure, state: up.state });
    expect(again).toMatchObject({ problems: [], action: "none", refreshed: up.state });
    await asRoot("rm /etc/sudoers.d/test");
    const [stuck] = await asNobody({ work: "down", state: up.state });
    expect(stuck.error).toMatch(/Only root can change \/etc\/docker\/daemon\.json\. .*take r\.test:5000 out of/);
    await giveSudo();
    const [down] = await asNobody({ work: "down", state: up.state });
    expect(down).not.toHaveProperty("error");
    expect(await readFile(file, "utf8")).toBe('{"debug":false}');
    expect(await config()).not.toContain('"r.test:5000":{');
  });

  it("is changed where the file says where dockerd listens, also when it says something else since", async () => {
    const hosts = [`unix://${node.socket}`, "tcp://127.0.0.1:2375"];
    await node.powerOff();
    await writeFile(file, JSON.stringify({ hosts: hosts.toReversed() }));
    await node.powerOn();
    await asRoot("mount -t tmpfs -o mode=0755 tmpfs /etc/sudoers.d");
    await giveSudo();
    const [up] = await asNobody({ inputs: insecure });
    expect(up).toMatchObject({ problems: [], action: "create" });
    expect(await config()).toContain('"r.test:5000":{');
    const changed = (await readFile(file, "utf8")).replace(node.socket, "/run/nobody-listens.sock");
    await writeFile(file, changed);
    const [again] = await asNobody({ inputs: insecure, state: up.state });
    expect(again).toMatchObject({ action: "none", refreshed: { outputs: { drift: [] } } });
    await writeFile(file, changed.replace("2375", "2376"));
    const [lost] = await asNobody({ inputs: { ...insecure, insecureRegistries: ["other.test"] }, state: up.state });
    expect(lost.error).toMatch(/dockerd does not answer at unix:\/\/\/run\/nobody-listens\.sock: .*; at tcp:.*2376: /);
    expect(await readFile(file, "utf8")).toContain("r.test:5000");
  });
});
