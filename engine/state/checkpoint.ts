import { z } from "zod";
import { canonicalKeys } from "./canonical-keys.ts";
import type { PendingOperation, ResourceState } from "./resource-state.ts";
import { orderedFields } from "./resource-state.ts";
import type { SecretValues } from "./secret-values.ts";
import { verifyOrder } from "./verify-order.ts";

const properties = z.record(z.string(), z.json()).optional();
const resource = z.looseObject({
  urn: z.string().startsWith("urn:pulumi:"),
  type: z.string(),
  custom: z.boolean(),
  inputs: properties,
  outputs: properties,
});
const secretsProvider = z.object({
  type: z.string(),
  state: z.looseObject({ salt: z.string().optional() }).optional(),
});
const deployment = z.looseObject({
  manifest: z.unknown(),
  secrets_providers: secretsProvider.optional(),
  resources: z.array(resource).optional(),
  pending_operations: z.array(z.object({ resource, type: z.string() })).optional(),
});
/** A deployment, as `stack export` prints it. */
export const exportSchema = z.object({ version: z.number(), features: z.array(z.string()).optional(), deployment });
const checkpointSchema = z.object({
  version: z.number(),
  features: z.array(z.string()).optional(),
  checkpoint: z.looseObject({ stack: z.string().optional(), latest: deployment.optional() }),
});

/** The deployment as the file has it: secrets still encrypted. */
export type EncryptedDeployment = z.infer<typeof deployment>;

/** What a stack is made of, secrets decrypted. */
export interface Deployment {
  resources: ResourceState[];
  pending: PendingOperation[];
}

export const emptyDeployment: Deployment = { resources: [], pending: [] };

/**
 * Parses a checkpoint file.
 * @param origin where the text is from; named in errors.
 * @throws where the text is not a checkpoint this engine understands whole; it must then not be written over.
 */
export function parseCheckpoint(text: string, origin: string): EncryptedDeployment | undefined {
  const file = parse(checkpointSchema, text, origin);
  refuseUnknown(file.version, file.features, file.checkpoint.latest, origin);
  return file.checkpoint.latest;
}

/** Parses what `stack export` printed. */
export function parseExport(text: string, origin: string): EncryptedDeployment {
  const file = parse(exportSchema, text, origin);
  refuseUnknown(file.version, file.features, file.deployment, origin);
  return file.deployment;
}

export function decryptDeployment(encrypted: EncryptedDeployment, secrets: SecretValues, origin: string): Deployment {
  const decrypt = (state: z.infer<typeof resource>): ResourceState => ({
    ...(state as unknown as ResourceState),
    inputs: secrets.decrypt(state.inputs ?? {}, `${state.urn} inputs`),
    outputs: secrets.decrypt(state.outputs ?? {}, `${state.urn} outputs`),
  });
  const resources = (encrypted.resources ?? []).map(decrypt);
  const problem = verifyOrder(resources);
  if (problem) throw new Error(`State ${origin}: ${problem} ${repair}`);
  const pending = (encrypted.pending_operations ?? []).map(
    (operation) => ({ type: operation.type, resource: decrypt(operation.resource) }) as PendingOperation,
  );
  return { resources, pending };
}

/** Renders checkpoints; the text of a resource that did not change is made once. */
export class CheckpointWriter {
  readonly #texts = new WeakMap<ResourceState, string>();
  readonly #secrets: Pick<SecretValues, "encrypt">;
  readonly #stack: string;
  readonly #salt: string;

  /** @param stack the full name, `organization/<project>/<stack>`. */
  constructor(secrets: Pick<SecretValues, "encrypt">, stack: string, salt: string) {
    this.#secrets = secrets;
    this.#stack = stack;
    this.#salt = salt;
  }

  render(deployment: Deployment, time = new Date()): string {
    return `{"version":3,"checkpoint":{"stack":${JSON.stringify(this.#stack)},"latest":${this.renderDeployment(deployment, time)}}}`;
  }

  renderDeployment({ resources, pending }: Deployment, time = new Date()): string {
    const parts = [
      `"manifest":${JSON.stringify({ time: time.toISOString(), magic: "", version: "" })}`,
      `"secrets_providers":${JSON.stringify({ type: "passphrase", state: { salt: this.#salt } })}`,
    ];
    if (resources.length > 0)
      parts.push(`"resources":[${resources.map((state) => this.renderResource(state)).join(",")}]`);
    if (pending.length > 0) {
      const texts = pending.map(
        ({ resource, type }) => `{"resource":${this.renderResource(resource)},"type":"${type}"}`,
      );
      parts.push(`"pending_operations":[${texts.join(",")}]`);
    }
    return `{${parts.join(",")},"metadata":{}}`;
  }

  renderResource(state: ResourceState): string {
    const known = this.#texts.get(state);
    if (known !== undefined) return known;
    const inputs = this.#secrets.encrypt(state.inputs, `${state.urn} inputs`);
    const outputs = this.#secrets.encrypt(state.outputs, `${state.urn} outputs`);
    const text = JSON.stringify(orderedFields({ ...state, inputs, outputs }));
    this.#texts.set(state, text);
    return text;
  }
}

const repair =
  'Nothing was changed. The state before the last run is beside it as ".bak"; "stack import" puts a good one in place.';

const needsCli = "Use the Pulumi CLI for this stack; nothing was changed.";

function parse<Schema extends z.ZodType>(schema: Schema, text: string, origin: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`State ${origin} is not whole JSON (${(error as Error).message}). ${repair}`);
  }
  const unknown: string[] = [];
  const parsed = schema.safeParse(canonicalKeys(json, (path) => unknown.push(path)));
  if (unknown.length > 0)
    throw new Error(`State ${origin} has ${unknown.join(", ")}, which this engine does not know. ${needsCli}`);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`State ${origin} is not a Pulumi state: ${issue?.path.join(".")}: ${issue?.message}. ${repair}`);
}

function refuseUnknown(
  version: number,
  features: string[] | undefined,
  latest: EncryptedDeployment | undefined,
  origin: string,
): void {
  if (version !== 3) throw new Error(`State ${origin} has version ${version}, this engine knows 3. ${needsCli}`);
  if (features?.length)
    throw new Error(`State ${origin} uses ${features.join(", ")}, which this engine does not know. ${needsCli}`);
  const secrets = latest?.secrets_providers?.type;
  if (secrets !== undefined && secrets !== "passphrase")
    throw new Error(`State ${origin} keeps its secrets with "${secrets}", this engine knows "passphrase". ${needsCli}`);
}
