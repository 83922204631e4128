import Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { registryLabel } from "../../../components/files/layout.ts";
import { networkProblems } from "../../../stacks/networks/network-problems.ts";
import { stackNetworkName } from "../../../stacks/networks/stack-network-name.ts";
import { stackLabel } from "../../../stacks/throw-away/stack-label.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { randomName } from "../../support/random-name.ts";
import { startNetwork } from "../../support/start-network.ts";
import { registryImage } from "../../support/start-registry.ts";
import { testSettings } from "../../support/test-settings.ts";

const docker = new Docker();
/** Not "dev": you may have that one. */
const stack = randomName("stack");

describeWithDocker("The networks of a stack's containers", () => {
  let network: Awaited<ReturnType<typeof startNetwork>>;
  beforeAll(async () => {
    network = await startNetwork();
  });
  afterAll(() => network?.[Symbol.asyncDispose]());

  /** What a preview of the stack says with these settings. */
  async function problems(name: string, container: object = {}): Promise<string[]> {
    const settings = testSettings({ hosts: ["127.0.0.1"], name, container });
    return (await networkProblems(settings, stack, docker)).map(({ path, reason }) => `${path} ${reason}`);
  }

  it.each([
    ["host", "which is not a network to join: it replaces the container's own."],
    ["none", "which is not a network to join: it replaces the container's own."],
    ["bridge", "which every container is on that names no other: set container.network to bridge instead."],
    ["not-there", "and there is no such network. Type: docker network create not-there"],
  ])("cannot be %s", async (other, reason) => {
    expect(await problems(randomName("stack"), { networks: [network.name, other] })).toEqual([
      `container.networks names ${other}, ${reason}`,
    ]);
  });

  it.each<[string, (name: string) => Record<string, string>, string | undefined]>([
    ["this stack's", (name) => ({ [stackLabel]: stack, [registryLabel]: name }), undefined],
    ["another stack's", (name) => ({ [stackLabel]: "prod", [registryLabel]: name }), 'stack "prod" has'],
    ["this stack's under another name", () => ({ [stackLabel]: stack, [registryLabel]: "x" }), `stack "${stack}" has`],
    ["one that was made by hand", () => ({}), "the kit did not make"],
  ])("are refused as its own where there is one of that name, %s", async (_, labels, whose) => {
    const name = randomName("stack");
    const own = stackNetworkName(testSettings({ hosts: ["127.0.0.1"], name }));
    const taken = await docker.createNetwork({ Name: own, Labels: labels(name) });
    try {
      expect(await problems(name)).toEqual(
        whose === undefined
          ? []
          : [
              `name is ${name}, and there is a network ${own} that ${whose}. Choose another name, or remove that network.`,
            ],
      );
      expect(await problems(name, { network: "bridge" })).toEqual([]);
      if (whose !== "the kit did not make") return;
      // A stack of release 0.1 stays on the bridge, and makes none.
      const Labels = { [stackLabel]: stack, [registryLabel]: name };
      const old = await docker.createContainer({ Image: registryImage, Labels });
      expect(await problems(name)).toEqual([]);
      expect(await problems(name, { network: "own" })).toHaveLength(1);
      await old.remove({ v: true });
    } finally {
      await taken.remove();
    }
  });
});
