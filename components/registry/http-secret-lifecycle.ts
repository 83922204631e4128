import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { currentDefaults } from "./registry-defaults.ts";

const inputs = z.object({ generation: z.int().min(1).default(1) });
const outputs = z.object({ value: z.string(), defaults: z.int().optional() });

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

const make = () => randomBytes(32).toString("hex");

/** `registry-kit:registry:HttpSecret`: see the class of that name for what it means to users. */
export const httpSecretDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:registry:HttpSecret",
  inputs,
  outputs,
  secretOutputs: ["value"],
  knownOutputs: { defaults: currentDefaults },
  stableOutputs: ["defaults"],
  create: async () => ({ id: "http-secret", outputs: { value: make(), defaults: currentDefaults } }),
  // Another secret makes no other registry.
  update: async ({ outputs: { defaults } }) => ({ value: make(), ...(defaults === undefined ? {} : { defaults }) }),
};
