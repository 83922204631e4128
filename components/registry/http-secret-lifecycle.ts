import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ResourceDefinition } from "../../provider/resource-definition.ts";

const inputs = z.object({ generation: z.int().min(1).default(1) });
const outputs = z.object({ value: z.string() });

const make = () => ({ value: randomBytes(32).toString("hex") });

/** `registry-kit:registry:HttpSecret`: see the class of that name for what it means to users. */
export const httpSecretDefinition: ResourceDefinition<z.infer<typeof inputs>, z.infer<typeof outputs>> = {
  type: "registry-kit:registry:HttpSecret",
  inputs,
  outputs,
  secretOutputs: ["value"],
  create: async () => ({ id: "http-secret", outputs: make() }),
  update: async () => make(),
};
