import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { volumeOwnerDefinition } from "../../components/files/volume-owner-lifecycle.ts";
import type { DockerNode } from "../support/docker-node.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { poll } from "../support/poll.ts";
import type { PushedImage } from "../support/registry-api.ts";
import { pullImage, pushRandomImage } from "../support/registry-api.ts";
import { registryImage } from "../support/start-registry.ts";
import { host, type RegistrySwarm, startRegistrySwarm } from "./registry-swarm.ts";

const obstacle = await dockerNodeObstacle(registryImage);
const title = `The user of a service and its volume${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 180_000 }, () => {
  let swarm: RegistrySwarm<["manager", "worker"]>;
  let manager: DockerNode;
  let worker: DockerNode;
  let image: PushedImage;
  const service = { publish: "host", health: { interval: "1s", startPeriod: "5s" } };

  beforeAll(async () => {
    // First a container: its volume is what the service finds.
    swarm = await startRegistrySwarm({
      roles: ["manager", "worker"],
      engine: "builtin",
      settings: ({ nodes: [first] }) => ({
        hosts: [host, first.address],
        address: "0.0.0.0",
        service: undefined,
        swarm: undefined,
      }),
    });
    [manager, worker] = swarm.nodes;
  });
  afterAll(() => swarm?.[Symbol.asyncDispose]());

  const userOf = async () =>
    await manager.docker(
      "service",
      "inspect",
      swarm.copy.name,
      "--format",
      "{{.Spec.TaskTemplate.ContainerSpec.User}}",
    );
  const push = () => swarm.api(manager).then((api) => pushRandomImage(api, "team/app"));
  const pull = () => swarm.api(manager).then((api) => pullImage(api, image));

  it("a container's volume stays readable and writable for the service that takes it over, and preview says so", async () => {
    image = await push();
    const gone = await swarm.copy.run("down");
    expect(gone.exitCode, gone.all).toBe(0);
    swarm.copy.change({ service, address: undefined });
    const preview = await swarm.copy.run("preview");
    expect(preview.exitCode, preview.all).toBe(0);
    expect(preview.all).toContain(
      `volume ${swarm.copy.volume} has images of 10001:10001 already: the registry serves what is in it, and runs as 10001:10001`,
    );
    await swarm.up();
    expect(await userOf()).toBe("10001:10001");
    await pull();
    await push();
    const same = await swarm.copy.run("preview", ["--expect-no-changes"]);
    expect(same.exitCode, same.all).toBe(0);
    expect(await manager.docker("service", "ls", "--format", "{{.Name}}")).toBe(swarm.copy.name);
  });

  it("back in a container, the volume is still that user's", async () => {
    const gone = await swarm.copy.run("down");
    expect(gone.exitCode, gone.all).toBe(0);
    swarm.copy.change({ service: undefined, address: "0.0.0.0" });
    const preview = await swarm.copy.run("preview");
    expect(preview.all).toContain(`volume ${swarm.copy.volume} exists already: the registry serves what is in it`);
    await swarm.up();
    await pull();
    await push();
  });

  const inputs = (constraint: string, options: Record<string, string> = {}) => ({
    dockerHost: { url: `unix://${manager.socket}` },
    volume: "there",
    image: registryImage,
    owner: { uid: 10001, gid: 10001 },
    folder: "docker",
    keepsOwner: true as const,
    task: { constraints: [constraint], driver: "local", driverOptions: options },
  });
  const log: string[] = [];
  const context = {
    urn: "urn:test",
    log: (severity: string, message: string) => void log.push(`${severity}: ${message}`),
    now: () => new Date(),
  };
  const services = () => manager.docker("service", "ls", "--format", "{{.Name}}");

  it("gives a volume of another node to the user, made as the service's own mount makes it", async () => {
    const options = { type: "tmpfs", device: "tmpfs", o: "size=1m" };
    const news = inputs(`node.hostname==${worker.name}`, options);
    const made = await volumeOwnerDefinition.create(news, context);
    expect(made.outputs).toEqual({ given: true, holder: "10001:10001" });
    expect(JSON.parse(await worker.docker("volume", "inspect", "there", "--format", "{{json .Options}}"))).toEqual(
      options,
    );
    expect(await services()).toBe("");
    // Nothing of the helper keeps the volume.
    await poll("the volume is free", () => worker.docker("volume", "rm", "there"));
  });

  it("leaves what root wrote to root, says so before and after, and stays with it where the volume is lost", async () => {
    const news = { ...inputs(`node.hostname==${manager.name}`), volume: "roots" };
    const write = ["run", "--rm", "--user=0:0", "--entrypoint=touch", "--volume=roots:/volume"];
    await manager.docker(...write, registryImage, "/volume/file");
    // Without constraints it is this node's, which can be looked at.
    const known = { ...news, task: { ...news.task, constraints: [] } };
    expect(await volumeOwnerDefinition.validateKnown?.(known, undefined, context)).toEqual([]);
    const made = await volumeOwnerDefinition.create(news, context);
    expect(made.outputs).toEqual({ given: false, holder: "0:0" });
    expect(log.splice(0)).toEqual([
      "info: volume roots has images of 0:0 already: the registry serves what is in it, and runs as root, its owner",
      expect.stringMatching(/^warning: volume roots has images of 0:0 already: the registry runs as root, and nothing/),
    ]);
    await poll("the volume is free", () => manager.docker("volume", "rm", "roots"));
    const here = { ...known, node: await manager.docker("info", "--format", "{{.Swarm.NodeID}}") };
    expect(await volumeOwnerDefinition.validateKnown?.(here, here, context)).toEqual([
      { property: "", reason: expect.stringContaining("volume roots, which held the images, is gone. Restore it") },
    ]);
    expect(await volumeOwnerDefinition.find?.(here, new Date(), context)).toBeUndefined();
    const again = await volumeOwnerDefinition.update({ ...made, inputs: news }, news, context);
    expect(again).toEqual({ given: true, holder: "0:0" });
  });

  it("says what the swarm says where no helper runs, and leaves none", async () => {
    const news = { ...inputs(`node.hostname==${worker.name}`), image: "registry.invalid/none:1" };
    await expect(volumeOwnerDefinition.create(news, context)).rejects.toThrow(
      /could not run the helper.*No such image/,
    );
    expect(await services()).toBe("");
  });
});
