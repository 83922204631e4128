import { z } from "zod";
import { dockerClient, isNotFound } from "../../lib/docker/docker-client.ts";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";

const inputs = z.object({
  dockerHost: dockerHost.default({}),
  container: z.string().min(1),
  limit: z.int().min(1),
});
const outputs = z.object({ applied: z.int() });

type Inputs = z.infer<typeof inputs>;

/** `registry-kit:registry:ProcessLimit`: see the class of that name for what it means to users. */
export const processLimitDefinition: ResourceDefinition<Inputs, z.infer<typeof outputs>> = {
  type: "registry-kit:registry:ProcessLimit",
  inputs,
  outputs,
  secretOutputs: [],
  replaceOn: ["container", "dockerHost"],
  due: ({ outputs: { applied } }, { limit }) =>
    applied === limit
      ? []
      : [{ property: "applied", reason: `the container's limit is ${applied}, wanted is ${limit}` }],
  create: async (news) => ({ id: news.container, outputs: await apply(news) }),
  update: async (_state, news) => await apply(news),
  async read({ inputs: { dockerHost: host, container } }) {
    try {
      const { HostConfig } = await dockerClient(host).getContainer(container).inspect();
      return { applied: HostConfig.PidsLimit ?? 0 };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
};

async function apply({ dockerHost: host, container, limit }: Inputs): Promise<{ applied: number }> {
  await dockerClient(host).getContainer(container).update({ PidsLimit: limit });
  return { applied: limit };
}
