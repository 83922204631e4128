import type Docker from "dockerode";
import { z } from "zod";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { IncompleteResource } from "../../../lib/provider/incomplete-resource.ts";
import type { ResourceContext, ResourceDefinition } from "../../../lib/provider/resource-definition.ts";
import { readSwarmState, swarmObstacle } from "../../swarm/swarm-state.ts";
import { awaitTasks, lookAtTasks, type NodesReached } from "./await-tasks.ts";
import { applyService, findService, hasConfigs, removeConfigs } from "./swarm-service.ts";
import type { SwarmTrustInputs } from "./swarm-trust-inputs.ts";
import { swarmTrustInputs } from "./swarm-trust-inputs.ts";
import { trustFolders } from "./trust-service.ts";

const outputs = z.object({
  /** The nodes that have the files, as last seen. */
  nodes: z.array(z.string()),
  /** What a look at the swarm found to differ. */
  drift: z.array(z.string()),
  revision: z.string(),
});

type Outputs = z.infer<typeof outputs>;

/** How long the nodes may take, in milliseconds; they may have to pull the image first. */
const rolloutLimit = 120_000;
const removalLimit = 60_000;

/** `registry-kit:nodes:SwarmTrust`: see `SwarmTrust` for what it does. */
export const swarmTrustDefinition: ResourceDefinition<SwarmTrustInputs, Outputs> = {
  type: "registry-kit:nodes:SwarmTrust",
  inputs: swarmTrustInputs,
  outputs,
  secretOutputs: [],
  replaceOn: ["dockerHost", "name", "certsDirectory"],
  // Both would write the same files, and the old one removes them at its end.
  deleteBeforeReplace: true,

  due: ({ outputs: { drift } }) => drift.map((reason) => ({ property: "drift", reason })),

  /** What a killed run began: the service, or the config that it makes first. */
  async find(inputs, _since, { urn }) {
    const docker = dockerClient(inputs.dockerHost);
    const live = await findService(docker, inputs.name);
    if (live && (live.owner !== urn || live.revision === undefined)) return undefined;
    if (!live && !(await hasConfigs(docker, inputs))) return undefined;
    const drift = ["the last run was stopped while it put the certificate on the nodes"];
    return { id: inputs.name, outputs: { nodes: [], drift, revision: live?.revision ?? "" } };
  },

  create: async (news, context) => ({ id: news.name, outputs: await settle(news, context) }),
  update: async (_state, news, context) => await settle(news, context),

  async read({ inputs, outputs: { revision } }) {
    const docker = dockerClient(inputs.dockerHost);
    const live = await findService(docker, inputs.name);
    if (!live) return undefined;
    const { done, failed } = await lookAtTasks(docker, inputs.name, revision);
    const drift = Object.entries(failed).map(([node, reason]) => `${node}: ${reason}`);
    if (live.revision !== revision) drift.push("the service was changed");
    return { nodes: done, drift, revision };
  },

  async delete({ inputs }, context) {
    const docker = dockerClient(inputs.dockerHost);
    const live = await findService(docker, inputs.name);
    if (!live) await removeConfigs(docker, inputs, { all: true });
    if (!live || live.revision === undefined) {
      context.log(
        "warning",
        `The service ${inputs.name} is gone: what it wrote on the nodes stays. ${removal(inputs)}`,
      );
      return;
    }
    const revision = await applyService(docker, inputs, "remove", context.urn);
    const reached = await awaitTasks(docker, { service: inputs.name, revision, mode: "remove", within: removalLimit });
    const failed = failures(reached);
    if (failed.length > 0) {
      throw new Error(
        `Not removed yet from ${failed.join("; ")}. Fix that and run the same command again; or give these nodes up with ` +
          `"docker service rm ${inputs.name}" first. ${removal(inputs)}`,
      );
    }
    if (reached.away.length > 0) {
      context.log(
        "warning",
        `The files stay on nodes that take no tasks: ${reached.away.join(", ")}. ${removal(inputs)}`,
      );
    }
    await docker.getService(live.id).remove();
    await removeConfigs(docker, inputs, { all: true });
  },
};

async function settle(inputs: SwarmTrustInputs, context: ResourceContext): Promise<Outputs> {
  const docker = dockerClient(inputs.dockerHost);
  await refuseOtherThanManager(docker, inputs);
  const revision = await applyService(docker, inputs, "keep", context.urn);
  const reached = await awaitTasks(docker, { service: inputs.name, revision, mode: "keep", within: rolloutLimit });
  await removeConfigs(docker, inputs, { all: false });
  if (reached.away.length > 0) {
    context.log("info", `They get the certificate when they take tasks again: ${reached.away.join(", ")}`);
  }
  const failed = failures(reached);
  if (failed.length === 0) return { nodes: reached.done, drift: [], revision };
  throw new IncompleteResource(
    `${reached.done.length} of ${reached.done.length + failed.length} nodes trust the registry, not so ${failed.join("; ")}. ` +
      `The swarm keeps trying; "docker service ps ${inputs.name}" shows the progress, and "up" waits again.`,
    inputs.name,
    { nodes: reached.done, drift: failed, revision },
  );
}

function failures({ failed }: NodesReached): string[] {
  return Object.entries(failed).map(([node, reason]) => `${node}: ${reason}`);
}

async function refuseOtherThanManager(docker: Docker, { dockerHost }: SwarmTrustInputs): Promise<void> {
  const obstacle = swarmObstacle(await readSwarmState(docker), { initialize: false, host: dockerHost });
  if (obstacle) throw new Error(`dockerHost ${obstacle}`);
}

function removal({ certsDirectory, name, ...inputs }: SwarmTrustInputs): string {
  const paths = trustFolders(inputs).map((folder) => `'${certsDirectory}/${folder}'`);
  return `By hand, on each of them: rm -r ${paths.join(" ")} '${certsDirectory}/.registry-kit-${name}'`;
}
