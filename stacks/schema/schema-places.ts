import type { z } from "zod";

/** The keys that are allowed at a path, for the guess behind a typing error. */
export function keysAt(schema: z.ZodType, path: PropertyKey[]): string[] {
  let current: z.ZodType | undefined = schema;
  for (const key of path) current = current && step(unwrap(current), key);
  const object = current && unwrap(current);
  return object && "shape" in object ? Object.keys(object.shape as object) : [];
}

function step(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if ("shape" in schema) return own(schema.shape as Record<PropertyKey, z.ZodType>, key);
  if ("element" in schema) return schema.element as z.ZodType;
  if ("valueType" in schema) return schema.valueType as z.ZodType;
  return undefined;
}

/** The object, list or record inside defaults, optionals, transforms and unions. */
function unwrap(schema: z.ZodType): z.ZodType {
  const definition = schema.def as { innerType?: z.ZodType; in?: z.ZodType; options?: z.ZodType[] };
  const inner =
    definition.innerType ??
    definition.in ??
    definition.options?.find((option) => "shape" in unwrap(option) || "valueType" in unwrap(option));
  return inner ? unwrap(inner) : schema;
}

/** Whether a place, what it is in, or something in it is secret. */
export function isSecretAt(schema: z.ZodType, path: PropertyKey[]): boolean {
  if (schema.meta()?.secret) return true;
  const [key, ...rest] = path;
  if (same(schema).some((inner) => isSecretAt(inner, path))) return true;
  if (key === undefined) return parts(schema).some((inner) => isSecretAt(inner, []));
  const inner = step(schema, key);
  return inner !== undefined && isSecretAt(inner, rest);
}

export function isCollection(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

/** What a schema wraps, for the same place. */
function same(schema: z.ZodType): z.ZodType[] {
  const {
    innerType,
    in: input,
    options = [],
  } = schema.def as { innerType?: z.ZodType; in?: z.ZodType; options?: z.ZodType[] };
  return [innerType, input, ...options].filter((inner) => inner !== undefined);
}

function parts(schema: z.ZodType): z.ZodType[] {
  if ("shape" in schema) return Object.values(schema.shape as Record<string, z.ZodType>);
  if ("element" in schema) return [schema.element as z.ZodType];
  return "valueType" in schema ? [schema.valueType as z.ZodType] : [];
}

function own(shape: Record<PropertyKey, z.ZodType>, key: PropertyKey): z.ZodType | undefined {
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}
