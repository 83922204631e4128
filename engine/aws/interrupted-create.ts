import { isDeepStrictEqual } from "node:util";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { isObject, plainMap } from "../../lib/protocol/property-value.ts";

/** What a create with these inputs makes, as far as its inputs tell. */
export interface NamedObject {
  /** By which the provider reads it. */
  id: string;
  /** The provider gave the name a random ending: nobody else can have made an object of that name. */
  isOnly: boolean;
}

/** The inputs that the id of a type is made of, the name last. Of all other types only AWS knows the id. */
const ids: Record<string, string[]> = {
  "aws:s3/bucket:Bucket": ["bucket"],
  "aws:iam/user:User": ["name"],
  "aws:iam/userPolicy:UserPolicy": ["user", "name"],
  "aws:iam/role:Role": ["name"],
  "aws:iam/rolePolicy:RolePolicy": ["role", "name"],
  "aws:iam/instanceProfile:InstanceProfile": ["name"],
};

/**
 * How to read what an interrupted create of Pulumi's AWS provider may have made, which cannot look for it itself; undefined: its id is
 * not in its inputs. The bridge lists the names that it made up in `__defaults`.
 */
export function namedObject(type: string, given: PropertyMap): NamedObject | undefined {
  const keys = Object.hasOwn(ids, type) ? ids[type] : undefined;
  const inputs = plainMap(given);
  const parts = keys?.map((key) => inputs[key]) ?? [];
  if (!keys || !parts.every((part) => typeof part === "string" && part !== "")) return undefined;
  const { __defaults: defaults } = inputs;
  const isOnly = Array.isArray(defaults) && keys.some((key) => defaults.includes(key));
  return { id: parts.join(":"), isOnly };
}

/** Whether an object has all tags that it was to be made with, and there are some. */
export function hasTagsOf(inputs: PropertyMap, live: PropertyMap): boolean {
  const [{ tags: wanted }, { tags = {} }] = [plainMap(inputs), plainMap(live)];
  if (!isObject(wanted) || !isObject(tags)) return false;
  const entries = Object.entries(wanted);
  return entries.length > 0 && entries.every(([key, value]) => isDeepStrictEqual(tags[key], value));
}
