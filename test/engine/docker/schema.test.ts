import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Field, Fields } from "../../../engine/docker/common/fields.ts";
import { resourceTypes } from "../../../engine/docker/provider.ts";
import type { PluginClient } from "./plugin-client.ts";
import { needsRealPlugin, realPlugin, startReal } from "./plugins.ts";

/** What Pulumi's schema says of one property. */
interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  willReplaceOnChanges?: boolean;
  secret?: boolean;
}

interface Schema {
  resources: Record<
    string,
    { inputProperties: Record<string, Property>; requiredInputs?: string[]; properties: Record<string, Property> }
  >;
  types: Record<string, { properties: Record<string, Property>; required?: string[] }>;
}

/** Inputs of @pulumi/docker 5.2.0 that a plugin built from an older schema does not know. */
const newer = /^(deviceCgroupRules|uploads\.(owner|group)) /;

/** Where this provider differs on purpose, with the reason. */
const deliberate = [
  // Docker ignores a change of them in place, for which the plugin asks.
  ...["deviceReadBps", "deviceReadIops", "deviceWriteBps", "deviceWriteIops"].flatMap((rates) =>
    [`${rates} array of ref`, `${rates}.path string required`, `${rates}.rate integer required`].map(
      (line) => `docker:index/container:Container ${line} replaces`,
    ),
  ),
  // Docker cannot turn a replicated service into a global one in place.
  "docker:index/service:Service mode.global replaces",
];

const kinds: Record<Field["kind"], string> = {
  text: "string",
  integer: "integer",
  flag: "boolean",
  map: "object",
  list: "array",
  set: "array",
  object: "ref",
};

/** One line per input: path, kind, and what a change of it does; the same from either side. */
function linesOfFields(fields: Fields, path = "", replaced = false): string[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const at = path ? `${path}.${key}` : key;
    const inherits = replaced || (field.replaces ?? false);
    const inner = field.element ?? field;
    const marks = [field.required && "required", inherits && "replaces", field.secret && "secret"].filter(Boolean);
    const type = field.element ? `array of ${kinds[field.element.kind]}` : kinds[field.kind];
    const below = linesOfFields(inner.fields ?? {}, at, field.element ? inherits : replaced);
    return [`${at} ${type} ${marks.join(" ")}`.trim(), ...below];
  });
}

function linesOfSchema(
  schema: Schema,
  properties: Record<string, Property>,
  required: string[],
  path = "",
  replaced = false,
): string[] {
  return Object.entries(properties).flatMap(([key, property]) => {
    const at = path ? `${path}.${key}` : key;
    const inherits = replaced || (property.willReplaceOnChanges ?? false);
    const inner = property.items ?? property;
    const reference = inner.$ref ? schema.types[inner.$ref.replace("#/types/", "")] : undefined;
    const marks = [required.includes(key) && "required", inherits && "replaces", property.secret && "secret"];
    const innerType = inner.$ref ? "ref" : (inner.type ?? "?");
    const type = property.items ? `array of ${innerType}` : innerType;
    const below = reference
      ? linesOfSchema(schema, reference.properties, reference.required ?? [], at, property.items ? inherits : replaced)
      : [];
    return [`${at} ${type} ${marks.filter(Boolean).join(" ")}`.trim(), ...below];
  });
}

describe.skipIf(!realPlugin)(`the tables of fields against the plugin's schema${needsRealPlugin}`, () => {
  let real: PluginClient;
  let schema: Schema;
  beforeAll(async () => {
    real = await startReal();
    schema = (await real.getSchema()) as Schema;
  });
  afterAll(() => real.stop());

  test.each(resourceTypes.map((type) => [type.token, type] as const))("%s has the same inputs", (token, type) => {
    const resource = schema.resources[token];
    const isRefused = (line: string) => /^(build|cluster)[ .]/.test(line); // by name, as a whole
    const expected = linesOfSchema(schema, resource?.inputProperties ?? {}, resource?.requiredInputs ?? []);
    const actual = linesOfFields(type.inputs).map((line) =>
      deliberate.some((exception) => exception === `${token} ${line.replace("boolean ", "")}`)
        ? line.replace(" replaces", "")
        : line,
    );
    const known = expected.some((line) => newer.test(line));
    const compared = (line: string) => !isRefused(line) && (known || !newer.test(line));
    expect(actual.filter(compared).sort()).toEqual(expected.filter(compared).sort());
    const only = Object.keys(resource?.properties ?? {}).filter((key) => !(key in type.inputs));
    expect(type.computedOutputs.toSorted()).toEqual(only.sort());
  });
});
