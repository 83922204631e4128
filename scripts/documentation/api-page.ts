import type { PackageSchema, ResourceSpec } from "./package-schema.ts";
import type { ObjectSpec, PropertySpec, TypeSpec } from "./package-types.ts";

/** The page with every component, from the schema that libraries of other languages are made of. */
export function apiPage({ resources, types }: PackageSchema): string {
  const parts = Object.entries(resources).map(([token, resource]) => resourceText(token, resource));
  const sections = Object.entries(types).map(([token, type]) => typeText(token, type));
  return `${[introduction, ...parts, "## Sections\n\nWhat is inside of the options above.", ...sections].join("\n\n")}\n`;
}

const introduction = `# Options and outputs of the components

<!-- Generated from the comments of the classes and from their schemas by "npm run docs"; a test keeps it true. -->

[Use the components in your own program](library.md) begins with an example. In Python, Go and YAML, names are written as the language has them. An option that is _plain_ takes no outputs of other resources.`;

function resourceText(token: string, resource: ResourceSpec): string {
  const { description, inputProperties, requiredInputs, properties } = resource;
  return [
    `## ${nameOf(token)}`,
    `\`${token}\`. ${description}`,
    table("Option", inputProperties, requiredInputs),
    table("Output", properties, []),
  ].join("\n\n");
}

function typeText(token: string, { properties, required }: ObjectSpec): string {
  return `### ${nameOf(token)}\n\n${table("Option", properties, required)}`;
}

function table(head: string, properties: Record<string, PropertySpec>, required: string[]): string {
  const rows = Object.entries(properties).map(([key, property]) => {
    const { description = "", secret, plain } = property;
    const marks = [required.includes(key) ? "required" : "", secret ? "secret" : "", plain ? "plain" : ""].filter(
      Boolean,
    );
    const kind = [typeOf(property), ...marks.map((mark) => `_${mark}_`)].join(", ");
    return `| \`${key}\` | ${kind} | ${inCell(description)}${defaultOf(property)} |`;
  });
  return [`| ${head} | Type | What it is |`, "| --- | --- | --- |", ...rows].join("\n");
}

function defaultOf({ default: value, description = "" }: PropertySpec): string {
  return value === undefined || /default/i.test(description) ? "" : ` Default: ${value}.`;
}

function typeOf({ type, $ref, items, additionalProperties, oneOf }: TypeSpec): string {
  if (oneOf) return oneOf.map(typeOf).join(" or ");
  if ($ref) return $ref.startsWith("#/types/") ? `[${nameOf($ref)}](#${nameOf($ref).toLowerCase()})` : "any";
  if (type === "array") return `list of ${typeOf(items ?? {})}`;
  if (type === "object") return `map of ${typeOf(additionalProperties ?? {})}`;
  return type ?? "any";
}

function nameOf(token: string): string {
  return token.split(":").at(-1) as string;
}

function inCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/</g, "&lt;");
}
