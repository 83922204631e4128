import { z } from "zod";
import { trustFile } from "../components/nodes/trust-state.ts";
import type { Engine } from "./engines/engine.ts";
import { UserError } from "./user-error.ts";

const outputs = z.object({
  url: z.string(),
  hosts: z.array(z.string()),
  port: z.number(),
  address: z.string(),
  caCertificate: z.string().optional(),
  certificateExpires: z.string().optional(),
  userNames: z.array(z.string()),
  passwords: z.record(z.string(), z.string()),
  volume: z.string().optional(),
  store: z.string().optional(),
  containerId: z.string().optional(),
  service: z
    .object({
      id: z.string(),
      name: z.string(),
      publish: z.enum(["ingress", "host"]),
      replicas: z.union([z.number(), z.literal("global")]),
    })
    .optional(),
  acceptsPushes: z.boolean().default(true),
  dockerLogin: z.string(),
  nodes: z
    .array(
      z.object({
        name: z.string(),
        address: z.string(),
        files: z.array(trustFile).default([]),
        certificateExpires: z.string().optional(),
        daemonDrift: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  guarded: z.array(z.string()),
});

/** The outputs of a stack, secrets in clear. */
export type DeployedStack = z.infer<typeof outputs>;

/** What the last `up` of a stack made. @throws {UserError} where there was none */
export async function readDeployedStack(engine: Engine, stack: string): Promise<DeployedStack> {
  const result = outputs.safeParse(await engine.outputs());
  if (result.success) return result.data;
  throw new UserError(
    `Stack "${stack}" is not deployed, or its last "up" did not end well. Type: npm run up -- --stack ${stack}`,
  );
}
