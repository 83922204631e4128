import { z } from "zod";
import { settings } from "../../stacks/settings/settings.ts";

/** The part of JSON Schema that the settings use. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  secret?: boolean;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The settings as users write them, without the project's prefix. */
export function settingsSchema(): JsonSchema {
  return z.toJSONSchema(settings, { io: "input", unrepresentable: "any" }) as JsonSchema;
}

/**
 * JSON Schema of a settings file (`stacks/Pulumi.<stack>.yaml`) for editors: every key carries the project's prefix,
 * and a secret may stand there encrypted, as `secure: v1:...`.
 */
export function stackFileSchema(project: string): JsonSchema {
  const { properties = {}, required = [] } = settingsSchema();
  const named = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`${project}:${key}`, asWritten(allowSecure(value))]),
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Settings of a ${project} stack`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: named,
        required: required.map((key) => `${project}:${key}`),
        // Other packages keep their settings beside ours.
        patternProperties: { [`^(?!${project}:)`]: {} },
        additionalProperties: false,
      },
    },
  };
}

const secure: JsonSchema = {
  type: "object",
  description: "An encrypted value, written by npm run config -- set.",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** `pulumi config set` writes a number at the top level as text, and encrypts any key that it is told to. */
function asWritten(schema: JsonSchema): JsonSchema {
  const { description, default: preset } = schema;
  const text: JsonSchema[] = schema.type === "integer" ? [{ type: "string", pattern: "^[0-9]+$" }] : [];
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [schema, ...text, secure],
  };
}

function allowSecure(schema: JsonSchema): JsonSchema {
  // The engines decrypt any value; that of an own name or id may be no secret to others.
  if (schema.secret || (schema.type === "string" && schema.default === undefined))
    return { ...(schema.description ? { description: schema.description } : {}), anyOf: [schema, secure] };
  const inner = { ...schema };
  if (inner.properties) inner.properties = mapValues(inner.properties, allowSecure);
  if (typeof inner.additionalProperties === "object")
    inner.additionalProperties = allowSecure(inner.additionalProperties);
  if (inner.items) inner.items = allowSecure(inner.items);
  if (inner.anyOf) inner.anyOf = inner.anyOf.map(allowSecure);
  if (inner.oneOf) inner.oneOf = inner.oneOf.map(allowSecure);
  return inner;
}

function mapValues(
  record: Record<string, JsonSchema>,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
