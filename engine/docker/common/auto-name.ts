import { createHash, randomBytes } from "node:crypto";
import { type PropertyMap, unknownValue } from "../../../lib/protocol/property-value.ts";

/**
 * The name of a resource that is given none: the one it has already, no matter who chose it, else its Pulumi name with a random tail (`data-1a2b3c4`), so that a replacement can exist beside what it replaces.
 * @param seed random bytes that are the same at preview and at up.
 */
export function autoName(urn: string, seed: Uint8Array, oldInputs: PropertyMap): string {
  if (typeof oldInputs.name === "string" && oldInputs.name !== unknownValue) return oldInputs.name;
  const name = urn.split("::").at(-1) ?? "";
  const source = seed.length > 0 ? seed : randomBytes(32);
  const tail = createHash("sha256").update(source).update(urn).digest("hex").slice(0, 7);
  return `${name.slice(0, 247)}-${tail}`;
}

/** Whether the name in checked inputs was made up rather than given. */
export function isAutoNamed(inputs: PropertyMap): boolean {
  return Array.isArray(inputs.__defaults) && inputs.__defaults.includes("name");
}
