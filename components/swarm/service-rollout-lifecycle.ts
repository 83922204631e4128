import { z } from "zod";
import { converge } from "../../engine/docker/service/converge.ts";
import type { ResourceDefinition } from "../../provider/resource-definition.ts";
import { dockerClient } from "../docker-host/docker-client.ts";
import { dockerHost } from "../docker-host/docker-host.ts";
import { durationSeconds, isDuration } from "../registry/configuration/duration.ts";

const inputs = z.object({
  dockerHost: dockerHost.default({}),
  service: z.string().min(1),
  revision: z.string(),
  timeout: z.string().refine(isDuration, 'must be a duration such as "5m"'),
});
/** How many tasks ran when the wait was over. */
const outputs = z.object({ tasks: z.int() });

type Inputs = z.infer<typeof inputs>;

/** `registry-kit:swarm:ServiceRollout`: see the class of that name for what it means to users. */
export const serviceRolloutDefinition: ResourceDefinition<Inputs, z.infer<typeof outputs>> = {
  type: "registry-kit:swarm:ServiceRollout",
  inputs,
  outputs,
  secretOutputs: [],
  create: async (news) => ({ id: news.service, outputs: await wait(news) }),
  update: async (_state, news) => await wait(news),
};

async function wait({ dockerHost: host, service, timeout }: Inputs): Promise<{ tasks: number }> {
  const limits = { within: durationSeconds(timeout) * 1000, every: 250, text: `${timeout} (service.timeout)` };
  return { tasks: await converge(dockerClient(host), service, limits) };
}
