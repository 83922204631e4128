import { z } from "zod";
import { withOwnNumbers, withPortableNumbers } from "../../lib/protocol/special-values.ts";
import { canonicalKeys } from "./canonical-keys.ts";
import { type Changes, journalOf } from "./journal.ts";
import { orderedFields, type PendingOperation, type ResourceState } from "./resource-state.ts";
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
const format = { version: z.number(), features: z.array(z.string()).optional() };
const exportSchema = z.object({ ...format, deployment });
const checkpoint = z.looseObject({ stack: z.string().optional(), latest: deployment.optional() });
const checkpointSchema = z.object({ ...format, checkpoint });

/** The deployment as the file has it: secrets still encrypted. */
export type EncryptedDeployment = z.infer<typeof deployment>;

/** What a stack is made of, secrets decrypted. */
export interface Deployment {
  resources: ResourceState[];
  pending: PendingOperation[];
}

export const emptyDeployment: Deployment = { resources: [], pending: [] };

/** A checkpoint file. */
export interface Checkpoint {
  stack: string | undefined;
  latest: EncryptedDeployment | undefined;
  /** The journal that belongs to it, where the run that wrote it has not ended. */
  journal: string | undefined;
}

/**
 * Parses a checkpoint file.
 * @param origin where the text is from; named in errors.
 * @throws where the text is not a checkpoint this engine understands whole; it must then not be written over.
 */
export function parseCheckpoint(text: string, origin: string): Checkpoint {
  const { version, features, checkpoint } = parse(checkpointSchema, text, origin);
  const journal = journalOf(features);
  refuseUnknown({ version, features: journal ? features?.slice(1) : features }, checkpoint.latest, origin);
  return { stack: checkpoint.stack, latest: checkpoint.latest, journal };
}

/** The text of a checkpoint file whose secrets are encrypted. */
export function renderCheckpoint({ stack, latest }: Omit<Checkpoint, "journal">): string {
  return JSON.stringify({ ...schemaOf(latest?.resources ?? []), checkpoint: { stack, latest } });
}

/** The version that a state needs, and why: as the Pulumi CLI has it, so that older ones leave alone what they do not know. */
export function schemaOf(resources: object[], journal?: string): { version: number; features?: string[] } {
  const features = [
    ...(journal ? [journal] : []),
    ...(resources.some((resource) => "taint" in resource && resource.taint) ? ["taint"] : []),
  ];
  return features.length > 0 ? { version: 4, features } : { version: 3 };
}

/** Parses what `stack export` printed. */
export function parseExport(text: string, origin: string): EncryptedDeployment {
  const file = parse(exportSchema, text, origin);
  refuseUnknown(file, file.deployment, origin);
  return file.deployment;
}

export function decryptDeployment(encrypted: EncryptedDeployment, secrets: SecretValues, origin: string): Deployment {
  const decrypt = (state: z.infer<typeof resource>): ResourceState => ({
    ...(state as unknown as ResourceState),
    inputs: withOwnNumbers(secrets.decrypt(state.inputs ?? {}, `${state.urn} inputs`)),
    outputs: withOwnNumbers(secrets.decrypt(state.outputs ?? {}, `${state.urn} outputs`)),
  });
  const resources = (encrypted.resources ?? []).map(decrypt);
  const problem = verifyOrder(resources);
  if (problem) throw new Error(`State ${origin}: ${problem} ${repair}`);
  const pending = (encrypted.pending_operations ?? []).map(
    (operation) => ({ type: operation.type, resource: decrypt(operation.resource) }) as PendingOperation,
  );
  return { resources, pending };
}

/** Renders states of this engine. */
export class CheckpointWriter {
  readonly #secrets: Pick<SecretValues, "encrypt">;
  readonly #stack: string;
  readonly #salt: string;

  /** @param stack the full name, `organization/<project>/<stack>`. */
  constructor(secrets: Pick<SecretValues, "encrypt">, stack: string, salt: string) {
    this.#secrets = secrets;
    this.#stack = stack;
    this.#salt = salt;
  }

  /**
   * A checkpoint file, in pieces: the state of a big stack is more than one text should hold.
   * @param journal the feature by which it names the journal of the run that begins with it.
   */
  *render(deployment: Deployment, journal?: string): Generator<string> {
    const schema = JSON.stringify(schemaOf(deployment.resources, journal)).slice(0, -1);
    yield `${schema},"checkpoint":{"stack":${JSON.stringify(this.#stack)},"latest":`;
    yield* this.renderDeployment(deployment);
    yield "}}";
  }

  *renderDeployment({ resources, pending }: Deployment): Generator<string> {
    yield `{"manifest":${JSON.stringify({ time: new Date().toISOString(), magic: "", version: "" })}`;
    yield `,"secrets_providers":${JSON.stringify({ type: "passphrase", state: { salt: this.#salt } })}`;
    if (resources.length > 0) yield* this.#renderList("resources", resources);
    if (pending.length > 0) yield* this.#renderList("pending_operations", pending);
    yield `,"metadata":{}}`;
  }

  /** A line of the journal. */
  renderChanges(changes: Changes): string {
    const entries = [...changes].map(([place, change]) => `"${place}":${change ? this.renderItem(change) : null}`);
    return `{${entries.join(",")}}`;
  }

  /** A resource or a pending operation. */
  renderItem(item: ResourceState | PendingOperation): string {
    if ("resource" in item) return `{"resource":${this.renderItem(item.resource)},"type":"${item.type}"}`;
    const inputs = this.#secrets.encrypt(withPortableNumbers(item.inputs), `${item.urn} inputs`);
    const outputs = this.#secrets.encrypt(withPortableNumbers(item.outputs), `${item.urn} outputs`);
    return JSON.stringify(orderedFields({ ...item, inputs, outputs }));
  }

  /** Pieces of some hundred thousand characters: a write for each resource takes longer than the writing. */
  *#renderList(name: string, items: (ResourceState | PendingOperation)[]): Generator<string> {
    let piece = `,"${name}":[`;
    for (const [index, item] of items.entries()) {
      piece += `${index > 0 ? "," : ""}${this.renderItem(item)}`;
      if (piece.length < 200_000) continue;
      yield piece;
      piece = "";
    }
    yield `${piece}]`;
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

type Format = { version: number; features?: string[] | undefined };

function refuseUnknown({ version, features }: Format, latest: EncryptedDeployment | undefined, origin: string): void {
  if (version !== 3 && version !== 4)
    throw new Error(`State ${origin} has version ${version}, this engine knows 3 and 4. ${needsCli}`);
  const unknown = features?.filter((feature) => feature !== "taint") ?? [];
  if (unknown.length > 0)
    throw new Error(`State ${origin} uses ${unknown.join(", ")}, which this engine does not know. ${needsCli}`);
  const secrets = latest?.secrets_providers?.type;
  if (secrets !== undefined && secrets !== "passphrase")
    throw new Error(`State ${origin} keeps its secrets with "${secrets}", this engine knows "passphrase". ${needsCli}`);
}
