import type { PropertyMap, PropertyValue } from "./property-value.ts";
import { isObject, isSecret, makeSecret, mapped, signatureKey, unknownValue } from "./property-value.ts";

/** Special objects beside secrets; source: `resource/properties.go` of Pulumi. */
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
/** What stands for unknown numbers, booleans, lists, assets, archives and objects in some providers' answers. */
const otherUnknowns = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** What a provider can be sent. */
export interface Accepts {
  secrets: boolean;
  resources: boolean;
}

/** A property map in the form that a provider takes: without secret wrappers and references it does not know. */
export function forProvider(map: PropertyMap, accepts: Accepts): PropertyMap {
  return mapped(map, (value) => {
    if (isSecret(value) && !accepts.secrets) return value.value ?? null;
    if (isObject(value) && value[signatureKey] === resourceSignature && !accepts.resources)
      return value.id ?? value.urn ?? null;
    return value;
  });
}

/** A property map as programs and providers send it, with output values as secrets and one kind of unknown only. */
export function normalized(map: PropertyMap): PropertyMap {
  return mapped(map, (value) => {
    if (typeof value === "string" && !value.isWellFormed())
      throw new Error("A text has half of a pair of characters (a lone surrogate), which is no valid Unicode.");
    if (typeof value === "string" && otherUnknowns.includes(value)) return unknownValue;
    if (!isObject(value) || value[signatureKey] !== outputSignature) return value;
    const inner = value.value ?? unknownValue;
    return value.secret === true ? makeSecret(inner) : inner;
  });
}

/** The map without what is not known; what is inside lists becomes null. */
export function withoutUnknowns(map: PropertyMap): PropertyMap {
  const visit = (value: PropertyValue): PropertyValue => {
    if (Array.isArray(value)) return value.map((item) => (item === unknownValue ? null : visit(item)));
    return isObject(value) ? withoutUnknowns(value) : value;
  };
  const known = Object.entries(map).filter(([, value]) => value !== unknownValue);
  return Object.fromEntries(known.map(([key, value]) => [key, visit(value)]));
}

/** Marks top-level properties as secret. */
export function markSecrets(map: PropertyMap, keys: string[]): PropertyMap {
  const secret = Object.entries(map).filter(([key]) => keys.includes(key));
  return { ...map, ...Object.fromEntries(secret.map(([key, value]) => [key, makeSecret(value)])) };
}

/** Whether a value is one of the special objects that are shown as one thing. */
export function isAssetOrArchive(value: PropertyValue): value is PropertyMap {
  return isArchive(value) || (isObject(value) && value[signatureKey] === assetSignature);
}

export function isArchive(value: PropertyValue): value is PropertyMap {
  return isObject(value) && value[signatureKey] === archiveSignature;
}

/** Assets with their hashes only: where a provider compares, or needs no content. */
export function withoutContents(map: PropertyMap): PropertyMap {
  return mapped(map, (value) => {
    if (!isAssetOrArchive(value) || Object.keys(value).every((key) => key === signatureKey || key === "hash"))
      return value;
    const { [signatureKey]: signature = "", hash } = value;
    return { [signatureKey]: signature, ...(hash !== undefined && { hash }) };
  });
}

/** What stands in a state for numbers that JSON has no words for: the bits of their 64-bit form. */
const numberSignature = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";
const specialNumbers = new Map<number, string>([
  [Number.NaN, "7fffffffffffffff"],
  [Number.POSITIVE_INFINITY, "7ff0000000000000"],
  [Number.NEGATIVE_INFINITY, "fff0000000000000"],
]);

export function withPortableNumbers(map: PropertyMap): PropertyMap {
  return mapped(map, (value) => {
    const bits = typeof value === "number" ? specialNumbers.get(value) : undefined;
    return bits ? { [signatureKey]: numberSignature, value: bits } : value;
  });
}

export function withOwnNumbers(map: PropertyMap): PropertyMap {
  return mapped(map, (value) => {
    if (!isObject(value) || value[signatureKey] !== numberSignature) return value;
    return Buffer.from(String(value.value), "hex").readDoubleBE();
  });
}
