import { z } from "zod";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";

const inputs = z.object({ prefix: z.string().min(1), digest: z.string().regex(/^[0-9a-f]{64}$/) });
const outputs = z.object({
  value: z.string(),
  /** The last names that were given, the current one last. */
  taken: z.array(z.string()),
});

type Inputs = z.infer<typeof inputs>;
export type Naming = z.infer<typeof outputs>;

/** Digits of the digest that a name shows. */
const shown = 12;
/** How many names are remembered: far more than can wait for their removal at once. */
const memory = 20;

/** `registry-kit:swarm:ContentName`: see the class of that name for what it means to users. */
export const contentNameDefinition: ResourceDefinition<Inputs, Naming> = {
  type: "registry-kit:swarm:ContentName",
  inputs,
  outputs,
  secretOutputs: [],
  create: async (news) => ({ id: news.prefix, outputs: nextName(news, []) }),
  update: async ({ outputs: { taken } }, news) => nextName(news, taken),
};

/** A name for the content that is none of those that were taken. */
export function nextName({ prefix, digest }: Inputs, taken: string[]): Naming {
  const base = `${prefix}-${digest.slice(0, shown)}`;
  let value = base;
  for (let count = 2; taken.includes(value); count++) value = `${base}-${count}`;
  return { value, taken: [...taken, value].slice(-memory) };
}
