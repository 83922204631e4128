import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";

const inputs = z.object({});
const outputs = z.object({ uuid: z.string() });

/** `registry-kit:nodes:StackIdentity`: see the class of that name. */
export const stackIdentityDefinition: ResourceDefinition<z.infer<typeof inputs>, z.infer<typeof outputs>> = {
  type: "registry-kit:nodes:StackIdentity",
  inputs,
  outputs,
  secretOutputs: [],
  async create() {
    const uuid = randomUUID();
    return { id: uuid, outputs: { uuid } };
  },
  update: async ({ outputs }) => outputs,
};
