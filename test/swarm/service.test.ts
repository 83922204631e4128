import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../../scripts/machine/find-program.ts";
import type { DockerNode } from "../support/docker-node.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { registryImage } from "../support/start-registry.ts";
import { awaitTasks, host, login, place, type RegistrySwarm, startRegistrySwarm } from "./registry-swarm.ts";

const obstacle = await dockerNodeObstacle(registryImage);
const withoutCli =
  findProgram("pulumi") && findProgram("pulumi-resource-docker") ? "" : " (skipped: no Pulumi CLI and plugin on PATH)";
const title = "The swarm stack on three nodes";
type Roles = ["manager", "worker", "worker"];

describe.skipIf(obstacle)(`${title}${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 120_000 }, () => {
  let swarm: RegistrySwarm<Roles>;
  let first: DockerNode;
  let second: DockerNode;
  let third: DockerNode;
  const image = `${place}/team/app:1`;

  beforeAll(async () => {
    swarm = await startRegistrySwarm({
      roles: ["manager", "worker", "worker"],
      engine: "builtin",
      settings: ({ nodes: [manager] }) => ({ hosts: [host, manager.address], "service.publish": "host" }),
    });
    [first, second, third] = swarm.nodes;
  });
  afterAll(() => swarm?.[Symbol.asyncDispose]());

  it("a node that does not trust the authority is refused, and so is one that does not log in", async () => {
    await makeApp(second, image);
    const untrusted = await swarm.docker(second, "push", image);
    expect(untrusted.text).toMatch(/certificate signed by unknown authority/);
    await trust(second);
    const anonymous = await swarm.docker(second, "push", image);
    expect(anonymous.text).toMatch(/no basic auth credentials/);
  });

  it("another node pushes, and a service of five replicas is pulled on all nodes with its registry auth", async () => {
    await login(second);
    const push = await swarm.docker(second, "push", image);
    expect(push.failed, push.text).toBe(false);
    await second.docker("image", "rm", image);
    await trust(third);

    await login(first);
    const create = ["service", "create", "--detach", "--no-resolve-image", "--with-registry-auth", "--replicas", "5"];
    const made = await swarm.docker(first, ...create, "--name", "app", image);
    expect(made.failed, made.text).toBe(false);
    await awaitTasks(first, "app", swarm.nodes, 3);
    for (const node of swarm.nodes) expect(await node.docker("image", "ls", "-q", image), node.name).not.toBe("");
    await first.docker("service", "rm", "app");
  });

  it("runs without the rights of root, on a volume that is its user's", async () => {
    const user = "{{.Spec.TaskTemplate.ContainerSpec.User}}";
    expect(await first.docker("service", "inspect", swarm.copy.name, "--format", user)).toBe("10001:10001");
  });

  it("has nothing to do at a second look", async () => {
    const preview = await swarm.copy.run("preview", ["--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
  });

  it("is refused on another node than that of its images, unless these are said to be there", async () => {
    const settings = (constraints: string[] | undefined, volumeHost: string | undefined) =>
      swarm.copy.change({ "service.placement.constraints": constraints, "storage.volume.host": volumeHost });
    const elsewhere = [`node.hostname==${third.name}`];
    settings(elsewhere, undefined);
    const refused = await swarm.copy.run("preview");
    expect(refused.exitCode, refused.all).toBe(1);
    expect(refused.all).toContain(`is ${third.name} now, and the images of the last run are on ${first.name}:`);
    expect(refused.all).toContain(`set storage.volume.host to ${third.name}.`);
    settings(elsewhere, third.name);
    const confirmed = await swarm.copy.run("preview");
    expect(confirmed.exitCode, confirmed.all).toBe(0);
    settings(undefined, undefined);
  });

  it.skipIf(withoutCli !== "")(`obeys plain pulumi commands on the same state${withoutCli}`, async () => {
    const preview = await swarm.copy.pulumi(["preview", "--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
    swarm.copy.change({ "service.labels": { team: "images" } });
    const change = await swarm.copy.pulumi(["up", "--yes"]);
    expect(change.exitCode, change.all).toBe(0);
    const labels = await first.docker("service", "inspect", swarm.copy.name, "--format", "{{json .Spec.Labels}}");
    expect(JSON.parse(labels)).toMatchObject({ team: "images" });
    const own = await swarm.copy.run("preview", ["--expect-no-changes"]);
    expect(own.exitCode, own.all).toBe(0);
  });

  it("a node that joins later pulls, too", async () => {
    const later = await swarm.join("worker");
    await trust(later);
    await login(later);
    const pull = await swarm.docker(later, "pull", image);
    expect(pull.failed, pull.text).toBe(false);
  });

  it("is proven by verify", async () => {
    const verify = await swarm.copy.run("verify");
    expect(verify.exitCode, verify.all).toBe(0);
    expect(verify.all).toMatch(/, 0 failed/);
  });

  it("leaves nothing but the images when it is taken down, and the swarm as it was", async () => {
    await first.docker("service", "create", "--detach", "--no-resolve-image", "--name", "other", registryImage);
    const down = await swarm.copy.run("down");
    expect(down.exitCode, down.all).toBe(0);
    const list = async (kind: string) => (await first.docker(kind, "ls", "--format", "{{.Name}}")).split("\n");
    expect(await list("service")).toEqual(["other"]);
    expect([await list("secret"), await list("config")]).toEqual([[""], [""]]);
    expect((await first.docker("node", "ls", "-q")).split("\n")).toHaveLength(4);
    const [volumes] = await Promise.all([first.docker("volume", "ls", "--format", "{{.Name}}")]);
    expect(volumes.split("\n")).toContain(swarm.copy.volume);
  });

  /** Takes effect at once, without a restart. */
  async function trust(node: DockerNode): Promise<void> {
    const file = join(node.certsDirectory, place, "ca.crt");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await swarm.authority());
  }
});

/** An image that does nothing for an hour, with a layer of its own. */
async function makeApp(node: DockerNode, reference: string): Promise<void> {
  const container = await node.docker("create", registryImage);
  await node.docker("cp", join(node.folder, "hosts"), `${container}:/layer`);
  const changes = ["--change", 'ENTRYPOINT ["sleep", "3600"]', "--change", "CMD []"];
  await node.docker("commit", ...changes, container, reference);
  await node.docker("rm", container);
}
