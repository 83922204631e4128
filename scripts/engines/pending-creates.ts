import { dockerProvider } from "../../engine/docker/provider.ts";
import type { PropertyMap, PropertyValue } from "../../engine/protocol/property-value.ts";
import { providerUrn } from "../../engine/state/resource-state.ts";

interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  provider?: string;
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  created?: string;
  modified?: string;
}

/** What `pulumi stack export --show-secrets` prints, as far as it is looked at. */
export interface ExportedDeployment {
  resources?: ExportedResource[] | undefined;
  pending_operations?: { resource: ExportedResource; type: string }[] | undefined;
}

/**
 * The deployment after the creates that a killed CLI left pending have been settled: a Docker object that was made is taken up, the
 * rest is forgotten, and the next update creates it. The CLI itself only asks, on a terminal; a container that it made once keeps
 * its name from the next.
 *
 * @param log takes a line for each object of that name that another program made
 * @returns undefined where nothing is pending
 */
export async function settlePendingCreates<Deployment extends ExportedDeployment>(
  deployment: Deployment,
  log: (line: string) => void,
): Promise<Deployment | undefined> {
  const { resources = [], pending_operations: operations = [] } = deployment;
  const creates = operations.filter(({ type }) => type === "creating");
  if (creates.length === 0) return undefined;
  const made = await Promise.all(creates.map(({ resource }) => findDockerObject(resource, resources, log)));
  return {
    ...deployment,
    resources: [...resources, ...made.flat()],
    pending_operations: operations.filter(({ type }) => type !== "creating"),
  };
}

/** The resource with the object that was made for it; nothing where there is none. */
async function findDockerObject(
  resource: ExportedResource,
  resources: ExportedResource[],
  log: (line: string) => void,
): Promise<ExportedResource[]> {
  const { urn, type, provider: reference = "", inputs = {} } = resource;
  const provider = dockerProvider();
  const lifecycle = await provider.lifecycle(type);
  if (!lifecycle?.find) return [];
  const configuration = resources.find((other) => other.urn === providerUrn(reference))?.inputs ?? {};
  const { version: _, __internal: __, ...place } = configuration;
  await provider.configure?.(plain(place));
  const report = (_severity: string, message: string) => log(`${urn.split("::").at(-1)}: ${message}`);
  // The CLI does not write down when it began.
  const found = await lifecycle.find({ urn, inputs: plain(inputs), since: new Date(0), log: report });
  if (!found) return [];
  log(`${urn.split("::").at(-1)}: a killed run made it; it is taken up`);
  const now = new Date().toISOString();
  return [{ ...resource, id: found.id, outputs: secretsLike(found.outputs, inputs), created: now, modified: now }];
}

/** The outputs with those wrapped as secrets whose inputs are. */
function secretsLike(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  const wrap = (key: string, value: PropertyValue): PropertyValue => {
    const input = inputs[key];
    const isSecret = typeof input === "object" && input !== null && secretMark in input;
    return isSecret ? { ...input, plaintext: JSON.stringify(value) } : value;
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
  if (typeof value.plaintext === "string" && secretMark in value) return JSON.parse(value.plaintext) as PropertyValue;
  return plain(value);
}

/** `SigKey` of Pulumi's sdk/go/common/resource/sig. */
const secretMark = "4dabf18193072939515e22adb298388d";
