import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import type { DockerNode } from "../support/docker-node.ts";
import { serveNames } from "../support/name-server.ts";
import { networkClient } from "../support/network-client.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { poll } from "../support/poll.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import type { SshKeys } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshdOn } from "../support/ssh-node.ts";
import { registryImage } from "../support/start-registry.ts";
import { snapshot } from "../trust/snapshot.ts";
import type { Upstream } from "./upstream.ts";
import { startUpstream } from "./upstream.ts";

const obstacle = (await dockerNodeObstacle(registryImage)) ?? (await sshNodeObstacle());
const title = `stack mirror${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 120_000 }, () => {
  let network: NodeNetwork;
  let server: DockerNode;
  /** Where the stack runs is a node under trust, and this is another, by ssh. Both reach a Docker Hub whose authority they don't know. */
  let client: DockerNode;
  let keys: SshKeys;
  let names: AsyncDisposable;
  const started = new Date();
  /** What the nodes had in /etc/docker before. */
  let before: unknown;
  let pids: number[];
  let upstream: Upstream;
  let copy: ProjectCopy;
  const container = () => `${copy.name}-hub`;

  beforeAll(async () => {
    keys = await makeSshKeys();
    network = await nodeNetwork();
    [server, client] = await Promise.all([network.startNode(), network.startNode()]);
    names = await serveNames(network, [server, client], { "registry-1.docker.io": server.address });
    await startSshdOn(client, keys.folder);
    await writeFile(join(client.folder, "etc", "daemon.json"), theirs, { mode: 0o600 });
    before = await configurations();
    pids = await Promise.all([server.daemonPid(), client.daemonPid()]);
    await server.load(registryImage);
    upstream = await startUpstream(server);
    const hub = {
      upstream: dockerHub,
      port: 5001,
      ...upstream.credentials,
      authority: upstream.authority,
      insecure: "i-understand",
      probe: "library/probe:1",
      mirror: true,
    };
    const ssh = { privateKeyFile: join(keys.folder, "id"), knownHosts: join(keys.folder, "known_hosts") };
    const trust = { nodes: { here: "local", client: `ssh://root@${client.address}` }, ssh };
    const settings = { hosts: [server.address], caches: { hub }, trust };
    copy = await ProjectCopy.make({ stack: "mirror", node: server, engine: "builtin", settings });
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    for (const thing of [names, network, keys]) await thing?.[Symbol.asyncDispose]();
  });
  const configurations = () => Promise.all([server, client].map(({ folder }) => snapshot(join(folder, "etc"))));
  const mirrors = (node: DockerNode) => node.docker("info", "-f", "{{.RegistryConfig.Mirrors}}");

  it("is deployed by up, and proven by a pull through the cache", async () => {
    const { exitCode, all } = await copy.run("up", ["--verbose"]);
    expect(all).toMatch(/ok +hub: GET \/ /);
    expect(all).toMatch(/ok +hub: no secret in docker inspect/);
    expect(all).toMatch(new RegExp(`ok +hub: pull through the cache .*${server.address}:5001/library/probe:1`));
    expect(all).toContain(`Cache hub: https://${server.address}:5001, of ${dockerHub}`);
    expect(exitCode).toBe(0);
  });

  it("is the mirror of both daemons after a reload, with all else of daemon.json as it was", async () => {
    for (const [index, node] of [server, client].entries()) {
      expect(await mirrors(node)).toBe(`[https://${server.address}:5001/]`);
      expect(await node.daemonPid()).toBe(pids[index]);
    }
    expect(await readFile(join(client.folder, "etc", "daemon.json"), "utf8")).toBe(
      theirs.replace("[ ]", `["https://${server.address}:5001"]`),
    );
  });

  it("shows the cache in its status, and no registry", async () => {
    const { stdout, exitCode } = await copy.run("status", ["--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      caches: [expect.objectContaining({ name: "hub", upstream: dockerHub, running: true, users: [] })],
    });
    expect(exitCode).toBe(0);
  });

  it("serves a daemon's docker pull NAME; the second pull asks the upstream for no layer", async () => {
    await upstream.push("library/other:1");
    const first = await pull(client, "other:1");
    expect(await upstream.requests("library/other/blobs")).toBeGreaterThan(0);

    const before = await upstream.requests("/blobs/");
    const lookedUp = await upstream.requests("HEAD /v2/library/other/manifests/1");
    expect(await pull(client, "other:1")).toBe(first);
    expect(await upstream.requests("/blobs/")).toBe(before);
    expect(await upstream.requests("HEAD /v2/library/other/manifests/1")).toBeGreaterThan(lookedUp);
    expect(await pull(server, "other:1")).toBe(first);
  });

  it("takes no pushes", async () => {
    await using outside = await networkClient(network);
    const uploads = `https://${server.address}:5001/v2/library/mine/blobs/uploads/`;
    expect((await outside.curl(uploads, { method: "POST", insecure: true })).status).toBe(405);
  });

  it("serves what it has while the upstream is down, also when it starts then", async () => {
    await upstream.stop();
    const digest = await pull(client, "other:1");
    await server.docker("restart", "--time=1", container());
    // While it is not there yet, the daemon asks Docker Hub, which is down.
    expect(await poll("the cache serves it", () => pull(client, "other:1"))).toBe(digest);
    await expect(pull(client, "never-asked-for:1")).rejects.toThrow();
    const { all, exitCode } = await copy.run("verify");
    expect(all).toMatch(/ok +hub: pull through the cache/);
    expect(exitCode).toBe(0);
  });

  it("goes on after a run that was killed before it recorded what it had done on a node", async () => {
    copy.change({ "caches.hub.probe": "library/never-asked-for:1" });
    await forgetResources(copy.stateFile, /::(cache-hub-trust|registry-daemon)-client$/, started);
    const { all } = await copy.run("up", ["--no-verify"]);
    expect(all).toMatch(/cache-hub-trust-client.*it was created and is adopted/);
    expect(await mirrors(client)).toBe(`[https://${server.address}:5001/]`);
  });

  it("is not proven, nor a success, while it can't show the image that it is asked for", async () => {
    const { all, exitCode } = await copy.run("verify");
    expect(all).toMatch(
      /FAILED +hub: pull through the cache .*never-asked-for:1: 404; .* refuses the cache's username/,
    );
    expect(exitCode).toBe(1);
    const rotation = await copy.run("rotate", ["password", "moby"]);
    expect(rotation.all).toContain("this stack has no registry, and its caches ask for no password");
    expect(rotation.exitCode).toBe(1);
  });

  it("is healthy all the same", async () => {
    const state = () => server.docker("inspect", "-f", "{{.State.Health.Status}} {{.RestartCount}}", container());
    await poll("the cache is healthy", async () => (await state()) === "healthy 0" || undefined);
  });

  it("fetches again as soon as the upstream is back, without a restart", async () => {
    await upstream.start();
    await upstream.push("library/late:1");
    expect(await pull(client, "late:1")).toMatch(/^sha256:/);
  });

  it("is passed by when it is down: the daemon asks Docker Hub itself", async () => {
    await server.docker("stop", "--time=1", container());
    await expect(pull(client, "other:1")).rejects.toThrow(
      /registry-1\.docker\.io.*x509: certificate signed by unknown/,
    );
  });

  it("leaves nothing after down: both daemons have their old configuration, byte for byte, and ask nobody", async () => {
    const { exitCode } = await copy.run("down");
    expect(exitCode).toBe(0);
    expect(await server.docker("ps", "-aq", "--filter", `name=${copy.name}`)).toBe("");
    expect(await server.docker("volume", "ls", "-q", "--filter", `name=${copy.name}`)).toBe("");
    expect(await configurations()).toEqual(before);
    for (const [index, node] of [server, client].entries()) {
      expect(await mirrors(node)).toBe("[]");
      expect(await node.daemonPid()).toBe(pids[index]);
    }
  });
});

/** A daemon.json that somebody wrote by hand. */
const theirs = '{\t"debug": false,\n\n  "registry-mirrors" : [ ] }';

/** The state as a killed run leaves it: what it was creating is noted, and that alone. */
async function forgetResources(file: string, urns: RegExp, since: Date): Promise<void> {
  const state = JSON.parse(await readFile(file, "utf8"));
  const { latest } = state.checkpoint;
  const isLost = ({ urn }: { urn: string }) => urns.test(urn);
  latest.pending_operations = latest.resources
    .filter(isLost)
    .map(({ id: _, outputs: __, ...resource }: { id: string; outputs: object }) => {
      return { type: "creating", resource: { ...resource, created: since.toISOString() } };
    });
  latest.resources = latest.resources.filter((resource: { urn: string }) => !isLost(resource));
  await writeFile(file, JSON.stringify(state));
}

/** Pulls an image that the daemon has no copy of. @returns the digest of its manifest */
async function pull(node: DockerNode, image: string): Promise<string> {
  await node.docker("image", "rm", "--force", image).catch(() => {});
  const output = await node.docker("pull", image);
  return /sha256:[0-9a-f]{64}/.exec(output)?.[0] ?? output;
}
