import type { JsonSchema } from "./settings-schema.ts";

interface Row {
  path: string;
  type: string;
  default: string;
  description: string;
}

/** The settings as a Markdown table, one row a setting, parents before their children. */
export function settingsTable(schema: JsonSchema, depth = Number.POSITIVE_INFINITY): string {
  const lines = rows(schema, "", depth).map(
    (row) => `| \`${row.path}\` | ${row.type} | ${row.default} | ${row.description} |`,
  );
  return ["| Setting | Type | Default | Meaning |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function rows(schema: JsonSchema, parent: string, depth: number): Row[] {
  if (depth === 0) return [];
  const required = schema.required ?? [];
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = parent ? `${parent}.${key}` : key;
    const row = {
      path,
      type: typeText(property),
      default: defaultText(property, required.includes(key)),
      description: tableText(property.description ?? ""),
    };
    return [row, ...children(property, path, depth - 1)];
  });
}

function children(schema: JsonSchema, path: string, depth: number): Row[] {
  const inner =
    typeof schema.additionalProperties === "object" ? rows(schema.additionalProperties, `${path}.<name>`, depth) : [];
  const items = schema.items ? children(schema.items, `${path}[]`, depth) : [];
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((branch) =>
    children(branch, path, depth),
  );
  return [...rows(schema, path, depth), ...inner, ...items, ...branches];
}

function typeText(schema: JsonSchema): string {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return [...new Set(branches.map(typeText))].join(" or ");
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === "array") return `list of ${schema.items ? typeText(schema.items) : "values"}`;
  if (schema.type === "object") return typeof schema.additionalProperties === "object" ? "map" : "section";
  return `${schema.type ?? "value"}${schema.secret ? ", secret" : ""}`;
}

function defaultText(schema: JsonSchema, required: boolean): string {
  if (required) return "**required**";
  const isSection = schema.properties ?? schema.anyOf ?? schema.oneOf;
  if (schema.default === undefined || (isEmpty(schema.default) && isSection)) return "";
  return `\`${JSON.stringify(schema.default)}\``;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function tableText(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
