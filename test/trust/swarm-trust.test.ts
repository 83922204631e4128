import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { swarmTrustInputs } from "../../components/trust/swarm/swarm-trust-inputs.ts";
import { swarmTrustDefinition } from "../../components/trust/swarm/swarm-trust-lifecycle.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { DockerSwarm } from "../support/docker-swarm.ts";
import { startSwarm } from "../support/docker-swarm.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { makeAuthority, makeServerCertificate } from "../support/openssl-certificates.ts";
import { poll } from "../support/poll.ts";
import { registryImage } from "../support/start-registry.ts";

const obstacle = await dockerNodeObstacle(registryImage);
const title = `SwarmTrust on a swarm of daemons${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 120_000 }, () => {
  let swarm: DockerSwarm<readonly ["manager", "worker"]>;
  let manager: DockerNode;
  let worker: DockerNode;
  let late: DockerNode;
  let authority: string;
  const log: string[] = [];
  const context = {
    urn: "urn:pulumi:test::registry-kit::registry-kit:nodes:SwarmTrust::trust",
    log: (severity: string, message: string) => void log.push(`${severity}: ${message}`),
    now: () => new Date(),
  };
  const inputs = (certificatePem = authority) =>
    swarmTrustInputs.parse({
      dockerHost: { url: `unix://${manager.socket}` },
      name: "registry-trust",
      hosts: [manager.address],
      ports: [5000, 5001],
      certificatePem,
      image: registryImage,
    });
  const fileOn = (node: DockerNode, port = 5000) => join(node.certsDirectory, `${manager.address}:${port}`, "ca.crt");
  const contentOn = (node: DockerNode) => readFile(fileOn(node), "utf8").catch(() => "none");
  const pull = (node: DockerNode) => node.docker("pull", `${manager.address}:5000/probe:1`);
  let state: {
    id: string;
    inputs: ReturnType<typeof inputs>;
    outputs: Awaited<ReturnType<typeof swarmTrustDefinition.update>>;
  };

  beforeAll(async () => {
    swarm = await startSwarm(["manager", "worker"]);
    [manager, worker] = swarm.nodes;
    authority = await startRegistry(manager);
  });
  afterAll(() => swarm?.[Symbol.asyncDispose]());

  it("names the node where a different ca.crt is in the way, touches nothing there, and does the others", async () => {
    await expect(pull(worker)).rejects.toThrow(/x509: certificate signed by unknown authority/);
    await mkdir(dirname(fileOn(worker)), { recursive: true });
    await writeFile(fileOn(worker), "a foreign one\n");
    const made = swarmTrustDefinition.create(inputs(), context);
    await expect(made).rejects.toThrow(/^1 of 2 nodes trust the registry, not so node2: there is a different ca.crt/);
    await expect(made).rejects.toMatchObject({ id: "registry-trust", outputs: { nodes: ["node1"] } });
    expect(await contentOn(worker)).toBe("a foreign one\n");
    expect(await contentOn(manager)).toBe(authority);
  });

  it("is done on every node when that is out of the way, for the registry and for a cache beside it", async () => {
    await rm(dirname(fileOn(worker)), { recursive: true });
    const { id, outputs } = await swarmTrustDefinition.create(inputs(), context);
    state = { id, inputs: inputs(), outputs };
    expect(outputs.nodes.toSorted()).toEqual(["node1", "node2"]);
    for (const node of [manager, worker]) {
      for (const port of [5000, 5001]) {
        const { mode, uid, gid } = await stat(fileOn(node, port));
        expect([mode & 0o7777, uid, gid]).toEqual([0o444, 0, 0]);
      }
    }
    expect(await pull(worker)).toContain("Downloaded newer image");
  });

  it("is refused to another stack under the same name, whose removal would remove the files", async () => {
    const other = { ...context, urn: context.urn.replace("test", "other") };
    await expect(swarmTrustDefinition.create({ ...inputs(), ports: [6000] }, other)).rejects.toThrow(
      /^The swarm has a service registry-trust of another stack \(urn:pulumi:test::/,
    );
    expect(await contentOn(worker)).toBe(authority);
    expect(await manager.docker("config", "ls", "-q")).toMatch(/^\S+$/);
  });

  it("gives its tasks no capability, no port, no network of the swarm, and a read-only root", async () => {
    const [id] = (
      await worker.docker("ps", "-q", "--filter", "label=com.docker.swarm.service.name=registry-trust")
    ).split("\n");
    const [{ HostConfig, NetworkSettings, Mounts }] = JSON.parse(await worker.docker("inspect", String(id)));
    expect(HostConfig).toMatchObject({ CapDrop: ["ALL"], ReadonlyRootfs: true, Privileged: false, PidsLimit: 32 });
    expect(Object.keys(NetworkSettings.Networks)).toEqual(["bridge"]);
    expect(NetworkSettings.Ports ?? {}).not.toHaveProperty("5000/tcp", expect.anything());
    expect(Mounts.map(({ Source }: { Source: string }) => Source)).toContain("/etc/docker");
  });

  it("reaches a node that joins later, without another up", async () => {
    late = await swarm.join("worker");
    await poll(
      "the node that came later trusts the registry",
      async () => (await contentOn(late)) === authority || undefined,
    );
    expect(await pull(late)).toContain("Downloaded newer image");
    state.outputs = (await swarmTrustDefinition.read?.(state, context)) ?? state.outputs;
    expect(state.outputs).toMatchObject({ nodes: expect.arrayContaining(["node3"]), drift: [] });
  });

  it("brings a changed authority to all nodes", async () => {
    const both = `${await makeAuthority(manager.folder, "next")}${authority}`;
    state.outputs = await swarmTrustDefinition.update(state, inputs(both), context);
    state.inputs = inputs(both);
    for (const node of [manager, worker, late]) expect(await contentOn(node)).toBe(both);
    const configs = await dockerClient(state.inputs.dockerHost).listConfigs();
    expect(configs).toHaveLength(1);
  });

  it("shows at a refresh what somebody did to the service", async () => {
    await manager.docker(
      "service",
      "update",
      "--detach",
      "--label-add",
      "io.registry-kit.revision=x",
      "registry-trust",
    );
    const seen = await swarmTrustDefinition.read?.(state, context);
    expect(seen?.drift).toContain("the service was changed");
    await swarmTrustDefinition.update(state, state.inputs, context);
    expect((await swarmTrustDefinition.read?.(state, context))?.drift).toEqual([]);
  });

  it("leaves no file on any node after down, and names the one that was off", async () => {
    await late.powerOff();
    await swarmTrustDefinition.delete?.(state, context);
    await expect(stat(manager.certsDirectory)).rejects.toThrow(/ENOENT/);
    // There the folder was made by another program.
    expect(await readdir(worker.certsDirectory)).toEqual([]);
    expect(log.filter((line) => line.startsWith("warning"))).toEqual([
      expect.stringMatching(
        /files stay on nodes that take no tasks: node3 \(down\)\. By hand, on each of them: rm -r /,
      ),
    ]);
    expect(await manager.docker("service", "ls", "-q")).toBe("");
    expect(await manager.docker("config", "ls", "-q")).toBe("");
    expect(await swarmTrustDefinition.read?.(state, context)).toBeUndefined();
  });

  it("says of an engine that is no manager what to do", async () => {
    const elsewhere = { ...inputs(), dockerHost: { url: `unix://${worker.socket}` } };
    await expect(swarmTrustDefinition.create(elsewhere, context)).rejects.toThrow(
      /a worker of a swarm. Name one of its managers/,
    );
  });
});

/** A registry with TLS that holds `probe:1`, on the node's own address. @returns PEM of its authority */
async function startRegistry(node: DockerNode): Promise<string> {
  const folder = join(node.folder, "certificates");
  await mkdir(folder);
  const authority = await makeAuthority(folder, "ca");
  await makeServerCertificate(folder, "ca", node.address);
  const tls = ["-e", "REGISTRY_HTTP_TLS_CERTIFICATE=/tls/server.crt", "-e", "REGISTRY_HTTP_TLS_KEY=/tls/server.key"];
  await node.docker("run", "-d", "--network=host", `--volume=${folder}:/tls:ro`, ...tls, registryImage);
  const local = "127.0.0.1:5000/probe:1";
  await execa("tar", ["-cf", join(node.folder, "probe.tar"), "-C", folder, "ca.crt"]);
  await node.docker("import", join(node.folder, "probe.tar"), local);
  await poll("the registry takes an image", () => node.docker("push", local));
  return authority;
}
