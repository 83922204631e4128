import { z } from "zod";
import { typed } from "../../lib/start-up/typed.ts";
import type { Engine } from "../engines/engine.ts";
import { UserError } from "../terminal/user-error.ts";

const shared = z.object({
  hosts: z.array(z.string()),
  address: z.string(),
  caCertificate: z.string().optional(),
  certificateExpires: z.string().optional(),
  guarded: z.array(z.string()),
  nodes: z
    .array(
      z.object({
        name: z.string(),
        address: z.string(),
        state: z.string().default("in place"),
        certificateExpires: z.string().optional(),
      }),
    )
    .default([]),
  trustedNodes: z.array(z.string()).optional(),
});

const served = shared.extend({
  url: z.string(),
  port: z.number(),
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
  /** What to show a registry that asks for client certificates, PEM. */
  proofClient: z.object({ certificate: z.string(), privateKey: z.string() }).optional(),
  redis: z.array(z.string()).optional(),
  acceptsPushes: z.boolean().default(true),
});

const registry = served.extend({ dockerLogin: z.string() });

const cache = z.object({
  url: z.string(),
  port: z.number(),
  upstream: z.string(),
  volume: z.string(),
  volumeKept: z.boolean(),
  containerId: z.string(),
  probe: z.string().optional(),
});

/** What a stack serves on one port, a registry or a cache; secrets in plain text. */
export type DeployedService = z.infer<typeof served>;

/** The outputs of a stack's registry. */
export type DeployedStack = z.infer<typeof registry>;

/** A cache is a registry that takes no pushes and knows no users. */
export type DeployedCache = DeployedService & { name: string } & z.infer<typeof cache>;

export interface Deployment {
  /** Undefined: the stack has caches alone. */
  registry: DeployedStack | undefined;
  caches: DeployedCache[];
}

/** What the last `up` of a stack made. @throws {UserError} where there was none */
export async function readDeployment(engine: Engine, stack: string): Promise<Deployment> {
  const deployment = deploymentOf(await engine.outputs());
  if (deployment) return deployment;
  throw new UserError(
    `Stack "${stack}" is not deployed, or its last "up" did not end well. Type: ${typed("up", `--stack ${stack}`)}`,
  );
}

/** The registry of a stack. @throws {UserError} where there is none */
export async function readDeployedStack(engine: Engine, stack: string): Promise<DeployedStack> {
  const { registry } = await readDeployment(engine, stack);
  if (registry) return registry;
  throw new UserError(`Stack "${stack}" has pull-through caches alone: they have no users.`);
}

/** The outputs in typed form; undefined where they are not those of a finished `up`. */
export function deploymentOf(outputs: Record<string, unknown> | undefined): Deployment | undefined {
  const common = shared.safeParse(outputs);
  const made = registry.safeParse(outputs);
  const caches = z.record(z.string(), cache).default({}).safeParse(outputs?.caches);
  if (!common.success || !caches.success) return undefined;
  const found = Object.entries(caches.data).map(([name, given]) => {
    return { ...common.data, userNames: [], passwords: {}, acceptsPushes: false, ...given, name };
  });
  return made.success || found.length > 0 ? { registry: made.data, caches: found } : undefined;
}
