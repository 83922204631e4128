import { namedObject } from "../../engine/aws/interrupted-create.ts";
import { dockerProvider } from "../../engine/docker/provider.ts";
import { providerUrn } from "../../engine/state/resource-state.ts";
import type { PropertyMap, PropertyValue } from "../../lib/protocol/property-value.ts";
import { isObject, isSecret, secretSignature, signatureKey } from "../../lib/protocol/property-value.ts";
import type { Lifecycle } from "../../lib/provider/lifecycle.ts";
import { resources as own } from "../../provider/resources.ts";

interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  provider?: string;
  parent?: string;
  dependencies?: string[];
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  created?: string;
  modified?: string;
  /** Another one has taken its place, and it is still to be deleted; or it is deleted, and the other one still to be made. */
  delete?: boolean;
  pendingReplacement?: boolean;
}

/** What `pulumi stack export --show-secrets` prints, as far as it is looked at. */
export interface ExportedDeployment {
  resources?: ExportedResource[] | undefined;
  pending_operations?: { resource: ExportedResource; type: string }[] | undefined;
}

/** Where and when a killed CLI worked. */
export interface KilledRun {
  /** When the last run before it ended, in milliseconds; 0: not known. */
  after: number;
  /** Takes a line for each object of that name that another program made. */
  log(line: string): void;
}

/**
 * The deployment after the creates that a killed CLI left pending have been settled: what was created is adopted, the rest is
 * forgotten, and the next update creates it. The CLI itself only asks, on a terminal; a container that it made once keeps its name
 * from the next, and what it wrote on a node stays there forever.
 *
 * @returns undefined where nothing is pending
 */
export async function settlePendingCreates<Deployment extends ExportedDeployment>(
  deployment: Deployment,
  run: KilledRun,
): Promise<Deployment | undefined> {
  const { resources = [], pending_operations: operations = [] } = deployment;
  const creates = operations.filter(({ type }) => type === "creating");
  if (creates.length === 0) return undefined;
  const found = await Promise.all(creates.map(({ resource }) => findObject(resource, resources, run)));
  // A create that was to replace an object under the same id: it is there still.
  const made = found.flat().filter(({ urn, id }) => !resources.some((old) => old.urn === urn && old.id === id));
  const isReplaced = ({ urn }: ExportedResource) => made.some((resource) => resource.urn === urn);
  return {
    ...deployment,
    resources: [
      ...resources
        .filter((old) => !(isReplaced(old) && old.pendingReplacement))
        .map((old) => (isReplaced(old) ? { ...old, delete: true } : old)),
      ...made,
    ],
    pending_operations: operations.filter(({ type }) => type !== "creating"),
  };
}

/** The resource with the object that was made for it; nothing where there is none. */
async function findObject(
  resource: ExportedResource,
  resources: ExportedResource[],
  run: KilledRun,
): Promise<ExportedResource[]> {
  const { urn, type, inputs = {} } = resource;
  const name = urn.split("::").at(-1);
  const now = new Date().toISOString();
  const takeUp = (id: string, outputs: PropertyMap) => {
    run.log(`${name}: a killed run created it; it is adopted`);
    return [{ ...resource, id, outputs, created: now, modified: now }];
  };
  const lifecycle = await lifecycleFor(resource, resources);
  if (!lifecycle?.find) {
    const named = namedObject(type, inputs);
    // Whether it is there the refresh finds out.
    return named?.isOnly ? [{ ...resource, id: named.id, outputs: inputs, created: now, modified: now }] : [];
  }
  const log = (_severity: string, message: string) => run.log(`${name}: ${message}`);
  const found = await lifecycle.find({ urn, inputs: plain(inputs), since: sinceOf(resource, resources, run), log });
  return found ? takeUp(found.id, secretsLike(exported(found.outputs), inputs)) : [];
}

/** Of the kit's own provider, or its Docker provider with the configuration of the resource's. */
async function lifecycleFor(
  { type, provider: reference = "" }: ExportedResource,
  resources: ExportedResource[],
): Promise<Lifecycle | undefined> {
  if (type.startsWith("registry-kit:")) return (await own[type]?.())?.lifecycle;
  const provider = dockerProvider();
  const lifecycle = await provider.lifecycle(type);
  if (!lifecycle) return undefined;
  const configuration = resources.find((other) => other.urn === providerUrn(reference))?.inputs ?? {};
  const { version: _, __internal: __, ...place } = configuration;
  await provider.configure?.(plain(place));
  return lifecycle;
}

/** The CLI does not write down when it began: not before what the resource needs was there, nor in the run before. */
function sinceOf(
  { provider = "", parent = "", dependencies = [] }: ExportedResource,
  resources: ExportedResource[],
  { after }: KilledRun,
): Date {
  const needed = [providerUrn(provider), parent, ...dependencies];
  const times = resources
    .filter(({ urn }) => needed.includes(urn))
    .flatMap(({ created, modified }) => [created, modified].map((time) => Date.parse(time ?? "") || 0));
  return new Date(Math.max(0, after, ...times));
}

/** With secrets as an exported state has them. */
function exported(map: PropertyMap): PropertyMap {
  const wrap = (value: PropertyValue): PropertyValue => {
    if (isSecret(value)) return { [signatureKey]: secretSignature, plaintext: JSON.stringify(value.value ?? null) };
    if (Array.isArray(value)) return value.map(wrap);
    return isObject(value) ? exported(value) : value;
  };
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, wrap(value)]));
}

/** The outputs with those wrapped as secrets whose inputs are. */
function secretsLike(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  const wrap = (key: string, value: PropertyValue): PropertyValue => {
    const input = inputs[key];
    const isMarked = (given: PropertyValue | undefined) => isObject(given) && signatureKey in given;
    return isObject(input) && isMarked(input) && !isMarked(value)
      ? { ...input, plaintext: JSON.stringify(value) }
      : value;
  };
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, wrap(key, value)]));
}

/** The values without the wrappers of secrets. */
function plain(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, revealed(value)]));
}

function revealed(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.plaintext === "string" && signatureKey in value) return JSON.parse(value.plaintext) as PropertyValue;
  return plain(value);
}
