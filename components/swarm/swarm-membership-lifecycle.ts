import { z } from "zod";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { type DockerHost, dockerHost } from "../../lib/docker/docker-host.ts";
import type { ResourceContext, ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { dataHost, movedData } from "../docker-host/data-host.ts";
import { listenAddress } from "./listen-address.ts";
import { readSwarmState, type SwarmState, swarmObstacle } from "./swarm-state.ts";

const inputs = z.object({
  dockerHost: dockerHost.default({}),
  initialize: z.boolean().default(false),
  advertiseAddress: z.string().min(1).default("127.0.0.1"),
  dataHost: dataHost.optional(),
});
const outputs = z.object({ swarmId: z.string(), nodeId: z.string(), made: z.boolean() });

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

interface Named {
  Spec?: { Name?: string | undefined } | undefined;
}

/** Where managers talk to each other; Docker's own default. */
const managerPort = 2377;

/** `registry-kit:swarm:SwarmMembership`: see the class of that name for what it means to users. */
export const swarmMembershipDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:swarm:SwarmMembership",
  inputs,
  outputs,
  secretOutputs: [],
  replaceOn: ["dockerHost"],
  validateKnown({ dataHost: data }, old) {
    const moved = data && movedData(data, old?.dataHost);
    return moved ? [{ property: "dataHost", reason: moved }] : [];
  },
  async create(news) {
    const found = await join(news);
    return { id: found.swarmId, outputs: found };
  },
  /** A swarm of this one node that began after the create did: that create made it, and so it goes with the stack. */
  async find({ dockerHost: host, initialize }, since) {
    const docker = dockerClient(host);
    const { role, swarmId, nodeId } = await readSwarmState(docker);
    if (!initialize || role !== "manager" || since.getTime() === 0) return undefined;
    const { CreatedAt } = (await docker.swarmInspect()) as { CreatedAt: string };
    const made = new Date(CreatedAt) >= since;
    return made ? { id: swarmId, outputs: { swarmId, nodeId, made } } : undefined;
  },
  // The swarm can have been left since: a refresh drops the resource then, and create joins again.
  update: async ({ outputs }) => outputs,
  keepsOutputs: true,
  async read({ inputs: { dockerHost: host }, outputs }) {
    const state = await readSwarmState(dockerClient(host));
    return state.swarmId === outputs.swarmId || mayBeMember(state, outputs) ? outputs : undefined;
  },
  async delete({ inputs: { dockerHost: host }, outputs }, context) {
    if (outputs.made) await leave(host, outputs, context);
  },
};

/** A worker, and a manager without a leader or that is locked, cannot say which swarm it is in. */
function mayBeMember({ role, swarmId, nodeId }: SwarmState, outputs: Outputs): boolean {
  return role !== "none" && swarmId === "" && ["", outputs.nodeId].includes(nodeId);
}

async function join({ dockerHost: host, initialize, advertiseAddress }: Inputs): Promise<Outputs> {
  const docker = dockerClient(host);
  const state = await readSwarmState(docker);
  const reason = swarmObstacle(state, { initialize, host });
  if (reason) throw new Error(reason);
  const made = state.role === "none";
  if (made) {
    await docker.swarmInit({
      ListenAddr: `${listenAddress(advertiseAddress)}:${managerPort}`,
      AdvertiseAddr: advertiseAddress,
    });
  }
  const { swarmId, nodeId } = await readSwarmState(docker);
  return { swarmId, nodeId, made };
}

async function leave(host: DockerHost, outputs: Outputs, context: ResourceContext): Promise<void> {
  const docker = dockerClient(host);
  const state = await readSwarmState(docker);
  if (mayBeMember(state, outputs)) throw new Error(swarmObstacle(state, { initialize: false, host }));
  if (state.swarmId !== outputs.swarmId) return;
  const [nodes, services, secrets, configs] = await Promise.all([
    docker.listNodes(),
    docker.listServices(),
    docker.listSecrets(),
    docker.listConfigs() as Promise<Named[]>,
  ]);
  const named = (kind: string, all: Named[]) => all.map(({ Spec }) => `${kind} ${Spec?.Name}`);
  // Those of the stack itself are gone by now. A secret can't be read back: its owner would have lost it.
  const users = [
    ...(nodes.length > 1 ? [`${nodes.length - 1} other nodes`] : []),
    ...named("service", services),
    ...named("secret", secrets),
    ...named("config", configs),
  ];
  if (users.length > 0) {
    const advice = "When you no longer need it, type: docker swarm leave --force";
    context.log("warning", `The swarm that this stack created stays: ${users.join(", ")} use it. ${advice}`);
    return;
  }
  await docker.swarmLeave({ force: true });
}
