import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { swarmMembershipDefinition } from "../../components/swarm/swarm-membership-lifecycle.ts";
import { readSwarmState } from "../../components/swarm/swarm-state.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { serviceStatus } from "../../scripts/status/service-status.ts";
import { checkHost } from "../../stacks/preflight.ts";
import type { DockerSwarm } from "../support/docker-swarm.ts";
import { startSwarm } from "../support/docker-swarm.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { poll } from "../support/poll.ts";
import { testSettings } from "../support/test-settings.ts";

const obstacle = await dockerNodeObstacle();
const title = `A swarm that lost two of its three managers${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 60_000 }, () => {
  let swarm: DockerSwarm<["manager", "manager", "manager"]>;
  type Member = Awaited<ReturnType<typeof swarmMembershipDefinition.create>>;
  let member: Member;
  const context = { urn: "urn:test", log: () => {}, now: () => new Date() };
  const dockerHost = () => ({ url: `unix://${swarm.nodes[0].socket}` });
  const inputs = () => ({ dockerHost: dockerHost(), initialize: false, advertiseAddress: "127.0.0.1" });
  const read = () => swarmMembershipDefinition.read?.({ ...member, inputs: inputs() }, context);

  beforeAll(async () => {
    swarm = await startSwarm(["manager", "manager", "manager"], { images: [] });
    member = await swarmMembershipDefinition.create(inputs(), context);
    const [, ...others] = swarm.nodes;
    await Promise.all(others.map((node) => node.powerOff()));
    const isNoticed = async () => (await readSwarmState(dockerClient(dockerHost()))).leaderless;
    await poll("the manager notices", isNoticed, { deadline: 90_000, pause: 500 });
  });
  afterAll(() => swarm?.[Symbol.asyncDispose]());

  it("is named before anything is touched, with what to do", async () => {
    const problems = async (given: object) => {
      const settings = testSettings({ hosts: ["r.test"], docker: dockerHost(), port: 4999, ...given });
      return (await checkHost(settings, "dev")).map(({ path, reason }) => `${path} ${reason}`);
    };
    const named = [
      expect.stringMatching(
        /^docker\.url is unix:\S+, a manager of a swarm without a leader: more than half of its managers must be online\. Start the others\. If they are gone for good, type: docker --host unix:\S+ swarm init --force-new-cluster$/,
      ),
    ];
    expect(await problems({ service: {}, trust: "none" })).toEqual(named);
    // A container needs no swarm, but the trust of all nodes does.
    expect(await problems({ trust: "swarm" })).toEqual(named);
  });

  it("is not taken for one that was left, neither by a refresh nor by down", async () => {
    expect(await read()).toEqual(member.outputs);
    const outputs = { ...member.outputs, made: true };
    await expect(swarmMembershipDefinition.delete?.({ ...member, inputs: inputs(), outputs }, context)).rejects.toThrow(
      "a manager of a swarm without a leader",
    );
  });

  it("is named by status and verify, in Docker's words alone", async () => {
    const { state } = await serviceStatus("some-service", dockerClient(dockerHost()));
    expect(state).toMatch(/^not known: The swarm does not have a leader\. It's possible that too few managers/);
  });

  it("is the same one when there is a leader again", async () => {
    const [here] = swarm.nodes;
    await here.docker("swarm", "init", "--force-new-cluster", "--advertise-addr", here.address);
    expect(await read()).toEqual(member.outputs);
  });
});
