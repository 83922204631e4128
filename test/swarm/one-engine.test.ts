import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryLabel } from "../../components/files/layout.ts";
import { swarmMembershipDefinition } from "../../components/swarm/swarm-membership-lifecycle.ts";
import { checkHost } from "../../stacks/preflight.ts";
import { stackLabel } from "../../stacks/throw-away/stack-label.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { registryImage } from "../support/start-registry.ts";
import { testSettings } from "../support/test-settings.ts";

const obstacle = await dockerNodeObstacle(registryImage);
const title = `An engine that is in no swarm at first${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 60_000 }, () => {
  let network: NodeNetwork;
  let node: DockerNode;
  beforeAll(async () => {
    network = await nodeNetwork();
    node = await network.startNode();
    await node.load(registryImage);
  });
  afterAll(() => network?.[Symbol.asyncDispose]());

  const dockerHost = () => ({ url: `unix://${node.socket}` });

  /** What a preview of stack "dev" says with these settings. */
  async function problems(given: Record<string, unknown>): Promise<string[]> {
    const settings = testSettings({ hosts: ["r.test"], docker: dockerHost(), port: 4999, ...given });
    const found = await checkHost(settings, "dev");
    return found.map(({ path, reason }) => `${path} ${reason}`);
  }

  it("is refused before anything is made where all nodes of its swarm are to trust a container", async () => {
    expect(await problems({ trust: "swarm" })).toEqual([
      expect.stringMatching(
        /^trust is swarm, which needs a manager of a swarm, and unix:\/\/\S+ is in none\. Set docker/,
      ),
    ]);
    expect(await problems({ trust: "none" })).toEqual([]);
  });

  it("keeps a swarm that the stack made as long as somebody's secret or config is in it", async () => {
    const log: string[] = [];
    const context = {
      urn: "urn:test",
      log: (severity: string, message: string) => void log.push(`${severity}: ${message}`),
      now: () => new Date(),
    };
    const inputs = { dockerHost: dockerHost(), initialize: true, advertiseAddress: "127.0.0.1" };
    const made = await swarmMembershipDefinition.create(inputs, context);
    expect(made.outputs.made).toBe(true);
    const isActive = async () => (await node.docker("info", "--format", "{{.Swarm.LocalNodeState}}")) === "active";

    for (const [kind, file] of [
      ["secret", "/etc/hostname"],
      ["config", "/etc/hostname"],
    ] as const) {
      await node.docker(kind, "create", "theirs", file);
      await swarmMembershipDefinition.delete?.({ ...made, inputs }, context);
      expect(log.splice(0)).toEqual([
        expect.stringContaining(`warning: The swarm that this stack created stays: ${kind} theirs use it.`),
      ]);
      expect(await isActive()).toBe(true);
      await node.docker(kind, "rm", "theirs");
    }

    expect(await problems({ trust: "swarm" })).toEqual([]);
  });

  it("as a manager has networks that no container may join", async () => {
    await node.docker("network", "create", "--driver=overlay", "services-only");
    await node.docker("network", "create", "--driver=overlay", "--attachable", "open");
    const container = { networks: ["ingress", "services-only", "open"] };
    expect(await problems({ trust: "none", container })).toEqual([
      "container.networks names ingress, which is the swarm's own.",
      expect.stringMatching(
        /^container\.networks names services-only, which only services may join\. Type: docker network create --driver overlay --attachable services-only/,
      ),
    ]);
    await node.docker("network", "rm", "services-only", "open");
  });

  it("as a manager takes a service's stack without a cache that it had, and not one that is a container yet", async () => {
    const container = async (name: string) => {
      const labels = [`--label=${registryLabel}=${name}`, `--label=${stackLabel}=dev`];
      return await node.docker("create", "--name", name, ...labels, registryImage);
    };
    await container("registry-hub");
    const service = { service: {}, trust: "none" };
    expect(await problems(service)).toEqual([]);
    await container("registry");
    expect(await problems(service)).toEqual([
      expect.stringMatching(/^service is new, and this stack runs its registry as a container \(registry\)/),
    ]);
  });

  it("as a manager takes no container's stack that is a service yet, wherever its tasks are", async () => {
    const labels = [`--label=${registryLabel}=mine`, `--label=${stackLabel}=dev`];
    // No task of it is on this node.
    const elsewhere = ["--detach", "--no-resolve-image", "--constraint=node.role==worker"];
    const published = "--publish=published=5055,target=5000,mode=host";
    await node.docker("service", "create", "--name=elsewhere", ...elsewhere, published, ...labels, registryImage);
    const refused = [
      expect.stringMatching(/^service is no longer set, and this stack runs its registry as a service \(elsewhere\)/),
    ];
    expect(await problems({ name: "mine", trust: "none" })).toEqual(refused);
    expect(await problems({ name: "other", port: 5055, trust: "none" })).toEqual(refused);
    // Of another clone.
    expect(await problems({ name: "other", trust: "none" })).toEqual([]);
  });
});
