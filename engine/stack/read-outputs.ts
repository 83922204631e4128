import { type PropertyMap, type PropertyValue, plainMap } from "../../lib/protocol/property-value.ts";
import { stackType } from "../../lib/protocol/urn.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { replaceSecrets } from "../state/secret-values.ts";
import { openExisting, type StackOptions } from "./open-stack.ts";

/**
 * The outputs of a stack as its last run left them.
 * @param options.showSecrets false: a secret is `[secret]`.
 * @throws where there is no such stack.
 */
export async function readOutputs(
  options: StackOptions & { showSecrets: boolean },
): Promise<Record<string, PropertyValue>> {
  const stack = await openExisting(options);
  const outputs = stackOutputs((await stack.load()).deployment.resources);
  return options.showSecrets ? plainMap(outputs) : maskSecrets(outputs);
}

/** The outputs that the stack resource holds. */
export function stackOutputs(resources: ResourceState[]): PropertyMap {
  return resources.find((state) => state.type === stackType)?.outputs ?? {};
}

/** The map with every secret as `[secret]`. */
export function maskSecrets(map: PropertyMap): Record<string, PropertyValue> {
  return replaceSecrets(map, () => "[secret]");
}
