import type { z } from "zod";
import { settings } from "../settings/settings.ts";

/** Where in the value of a setting there is something that its schema calls secret, and that is not encrypted. */
export function secretPaths(key: string, value: unknown): PropertyKey[][] {
  const schema = Object.hasOwn(settings.shape, key) ? settings.shape[key as keyof typeof settings.shape] : undefined;
  return pathsIn(schema, value, [key]);
}

function pathsIn(schema: z.ZodType | undefined, value: unknown, path: PropertyKey[]): PropertyKey[][] {
  if (!schema || value === undefined || value === null) return [];
  if (typeof value === "object" && "secure" in value) return [];
  if (schema.meta()?.secret) return isFile(path, value) ? [] : [path];
  const {
    innerType,
    in: input,
    options,
  } = schema.def as { innerType?: z.ZodType; in?: z.ZodType; options?: z.ZodType[] };
  const same = [innerType, input, ...(options ?? [])].flatMap((inner) => pathsIn(inner, value, path));
  const within = isCollection(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsIn(member(schema, key), inner, [...path, key]))
    : [];
  // Branches of a union may name the same place.
  return [...new Map([...same, ...within].map((found) => [found.join("\0"), found])).values()];
}

/** A key may be given as the path of a file in the container, which may be read by anyone, as in a service's configs. */
function isFile(path: PropertyKey[], value: unknown): boolean {
  return path.join(".") === "registry.redis.tls.key" && typeof value === "string" && value.startsWith("/");
}

function member(schema: z.ZodType, key: string): z.ZodType | undefined {
  if ("shape" in schema) {
    const shape = schema.shape as Record<string, z.ZodType>;
    return Object.hasOwn(shape, key) ? shape[key] : undefined;
  }
  if ("element" in schema) return schema.element as z.ZodType;
  return "valueType" in schema ? (schema.valueType as z.ZodType) : undefined;
}

function isCollection(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
