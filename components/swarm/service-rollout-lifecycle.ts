import { z } from "zod";
import { converge } from "../../engine/docker/service/converge.ts";
import { tasksOf } from "../../engine/docker/service/tasks.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { attempt, orMissing } from "../../lib/docker/docker-error.ts";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { durationSeconds, isDuration } from "../../lib/time/registry-duration.ts";

const inputs = z.object({
  dockerHost: dockerHost.default({}),
  service: z.string().min(1),
  revision: z.string(),
  timeout: z.string().refine(isDuration, 'must be a duration such as "5m"'),
});
const outputs = z.object({
  /** How many tasks ran when the wait was over. */
  tasks: z.int(),
  /** What a refresh found to be different since; empty: nothing. */
  drift: z.string().default(""),
});

type Inputs = z.infer<typeof inputs>;

/** `registry-kit:swarm:ServiceRollout`: see the class of that name for what it means to users. */
export const serviceRolloutDefinition: ResourceDefinition<Inputs, z.infer<typeof outputs>> = {
  type: "registry-kit:swarm:ServiceRollout",
  inputs,
  outputs,
  secretOutputs: [],
  due: ({ outputs: { drift } }) => (drift ? [{ property: "drift", reason: drift }] : []),
  // Somebody may have scaled it, or changed it in another way: the update that puts it back is waited for, too.
  async read({ inputs: { dockerHost: host, service }, outputs: { tasks } }) {
    const docker = dockerClient(host);
    const found = await attempt("inspect the service", () => orMissing(docker.getService(service).inspect()));
    if (!found) return undefined;
    const running = (await tasksOf(docker, service)).filter(
      ({ DesiredState, Status }) => DesiredState === "running" && Status.State === "running",
    ).length;
    return { tasks, drift: running === tasks ? "" : `${running} tasks run, after the last up ${tasks} did` };
  },
  create: async (news) => ({ id: news.service, outputs: await wait(news) }),
  update: async (_state, news) => await wait(news),
};

async function wait({ dockerHost: host, service, timeout }: Inputs): Promise<{ tasks: number; drift: string }> {
  const limits = { within: durationSeconds(timeout) * 1000, every: 250, text: `${timeout} (service.timeout)` };
  return { tasks: await converge(dockerClient(host), service, limits), drift: "" };
}
