/**
 * Property values as they travel between engine, program and providers: plain JSON in which a few special
 * objects, marked by a signature key, stand for secrets, and a well-known string for "not known yet".
 * Source: `runtime/rpc.ts` of @pulumi/pulumi.
 */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** The key that marks a special object. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
/** The signature of a secret: `{ [signatureKey]: secretSignature, value }`. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** Stands for a value that only a later `up` will know; met in previews. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: PropertyValue | undefined): value is PropertyMap {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** Wraps a value as a secret; a secret stays as it is. */
export function makeSecret(value: PropertyValue): PropertyMap {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

type Change = (value: PropertyValue) => PropertyValue;

/** Applies `change` to the value and to every value inside of it, the outermost first. */
export function mapped(value: PropertyMap, change: Change): PropertyMap;
export function mapped(value: PropertyValue, change: Change): PropertyValue;
export function mapped(value: PropertyValue, change: Change): PropertyValue {
  const changed = change(value);
  if (!Object.is(changed, value)) return mapped(changed, change);
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner, change)]));
}

/** The value without any secret wrapper, at any depth. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
  return mapped(value, secretless);
}

const secretless: Change = (value) => (isSecret(value) ? (value.value ?? null) : value);

/** {@link withoutSecrets} of a whole property map. */
export function plainMap(map: PropertyMap): PropertyMap {
  return mapped(map, secretless);
}

/** The value without some keys of its objects, at any depth. */
export function pruned<Value extends PropertyValue>(
  value: Value,
  drops: (key: string, value: PropertyValue) => boolean,
): Value;
export function pruned(value: PropertyValue, drops: (key: string, value: PropertyValue) => boolean): PropertyValue {
  if (Array.isArray(value)) return value.map((item) => pruned(item, drops));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !drops(key, inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, pruned(inner, drops)]));
}

/** Whether the value, or anything inside it, is a secret. */
function containsSecret(value: PropertyValue | undefined): boolean {
  return isSecret(value) || children(value).some(containsSecret);
}

/** Whether the value, or anything inside it, is not known yet. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  return value === unknownValue || children(value).some(containsUnknown);
}

/**
 * Marks as secret in `value` what is secret in `template`: the same keys, and inside plain objects the same
 * inner keys. A list that holds a secret becomes secret as a whole.
 */
export function markSecretsLike(value: PropertyMap, template: PropertyMap): PropertyMap {
  const marked = { ...value };
  for (const [key, inner] of Object.entries(value)) {
    const model = template[key];
    if (!containsSecret(model)) continue;
    marked[key] =
      isObject(inner) && isObject(model) && !isSecret(model) ? markSecretsLike(inner, model) : makeSecret(inner);
  }
  return marked;
}

/** Deep equality; the order of keys does not matter, secrets equal their plain value, nothing unknown is equal. */
export function sameValue(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (isSecret(a)) return sameValue(a.value, b);
  if (isSecret(b)) return sameValue(a, b.value);
  if (a === unknownValue || b === unknownValue) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (isObject(a) && isObject(b)) {
    const other = b;
    // Assets are the same where their content is.
    if (typeof a.hash === "string" && a[signatureKey] !== undefined)
      return a.hash === b.hash && a[signatureKey] === b[signatureKey];
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in other && sameValue(a[key], other[key]));
  }
  return a === b;
}

function children(value: PropertyValue | undefined): PropertyValue[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}
