import { isAlias, isMap, isScalar, isSeq, parseDocument, type Scalar, visit } from "yaml";
import { type Problem, pathText } from "../../lib/validation/describe-issues.ts";
import { isSecretAt } from "../schema/schema-places.ts";
import { settings } from "../settings/settings.ts";

/**
 * What a settings file loses on its way to the program: names and texts without quotes that YAML reads as something else, so that
 * `007` arrives as 7 and `!abc` as nothing. It also looks at what the Pulumi CLI alone reads in another way (gopkg.in/yaml.v3): the
 * built-in engine would see another name then.
 */
export function lostText(text: string, project: string): Problem[] {
  const document = parseDocument(text, { merge: true });
  const used = new Set<string>();
  visit(document, { Alias: (_, { source }) => void used.add(source) });
  const config = document.get("config", true);
  if (!isMap(config)) return [];
  return config.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : "";
    const path = name.startsWith(`${project}:`) ? name.slice(project.length + 1) : name;
    return path.includes(":") ? [] : walk(value, [path], used);
  });
}

function walk(node: unknown, path: PropertyKey[], used: Set<string>): Problem[] {
  if (isSeq(node)) return node.items.flatMap((item, i) => walk(item, [...path, i], used));
  if (isScalar(node)) return problem(path, valueReason(node, path) ?? droppedReason(node, path, used));
  if (!isMap(node)) return [];
  // {{ name }}
  if (node.flow && node.items.some(({ key }) => isMap(key))) return problem(path, template);
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return isAlias(key) ? [] : walk(value, path, used);
    const place = [...path, String(key.value)];
    return [...problem(place, nameReason(key) ?? droppedReason(key, place, used)), ...walk(value, place, used)];
  });
}

function problem(path: PropertyKey[], reason: string | undefined): Problem[] {
  return reason === undefined ? [] : [{ path: pathText(path), reason }];
}

const template =
  "is written in two braces without quotes, which YAML reads as a section; and nothing fills in a template here. Write the value itself, encrypted if it is a secret";

function nameReason(scalar: Scalar): string | undefined {
  const { value, source = "" } = scalar;
  // A name like 7 arrives as it is written.
  const isSame = typeof value === "string" || (typeof value === "number" && String(value) === source);
  const read = otherRead(scalar) ?? (isSame ? undefined : readAs(value));
  return (
    read &&
    `is written ${quotable(source)} without quotes, which YAML reads as ${read}: write it in quotes, "${quotable(source)}"`
  );
}

function valueReason(scalar: Scalar, path: PropertyKey[]): string | undefined {
  const { value, source = "", type } = scalar;
  // Some readers take 010 for 8, others for 10.
  const isOctal = type === "PLAIN" && /^[-+]?0\d/.test(source) && typeof value === "number";
  const isOther = typeof value === "number" && (!Number.isFinite(value) || (String(value) !== source && isText(path)));
  const read = otherRead(scalar) ?? (isOctal || isOther ? readAs(value) : undefined);
  if (!read) return undefined;
  const way = isOctal
    ? ", or without the zero in front if it is a number"
    : typeof value === "string" && !isDate(source)
      ? ", or as plain digits if it is a number"
      : "";
  return isSecretAt(settings, path)
    ? `is written without quotes, and YAML reads it as something else (a number or a date): write it in quotes${way}`
    : `is written ${source} without quotes, which YAML reads as ${read}: write it in quotes, "${source}"${way}`;
}

/** A date, or a number that only the CLI reads; undefined: neither. */
function otherRead({ value, source = "", type }: Scalar): string | undefined {
  if (type !== "PLAIN") return undefined;
  if (isDate(source)) return "a date";
  return typeof value === "string" && isNumberToGo(source) ? "a number (the Pulumi CLI does)" : undefined;
}

/** As yaml.v3 takes dates; a full time in UTC arrives as it is written: `ephemeral.created` is one. */
function isDate(source: string): boolean {
  return (
    /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\s*\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?\s*(Z|[-+]\d\d:\d\d)?)?$/.test(source) &&
    !/^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d+)?Z$/.test(source)
  );
}

/** `resolve` of yaml.v3 drops every underscore, and knows binary numbers. */
function isNumberToGo(source: string): boolean {
  const plain = source.replaceAll("_", "");
  return (
    /^[-+.\d]/.test(source) &&
    (/^[-+]?(0b[01]+|0o[0-7]+|0x[\da-f]+)$/i.test(plain) ||
      (plain !== source && /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(plain)))
  );
}

/** Whether a setting of the top level takes text: deeper down the schema sees a number for itself. */
function isText([key, ...rest]: PropertyKey[]): boolean {
  const schema = Object.hasOwn(settings.shape, key ?? "")
    ? settings.shape[key as keyof typeof settings.shape]
    : undefined;
  return rest.length === 0 && schema !== undefined && schema.safeParse("x1").success;
}

/** A tag of no kind that YAML knows, or, in a secret, an anchor that nothing refers to: the begin of a text, which is dropped. */
function droppedReason({ tag = "", anchor, type }: Scalar, path: PropertyKey[], used: Set<string>): string | undefined {
  const isTag = tag.startsWith("!") || tag === "tag:yaml.org,2002:binary";
  const isAnchor = anchor !== undefined && !used.has(anchor);
  if (!isTag && !(isAnchor && type === "PLAIN" && isSecretAt(settings, path))) return undefined;
  return `begins with "${isTag ? "!" : "&"}" without quotes, which YAML takes for ${isTag ? "a tag" : "an anchor"} and drops, up to the next blank: write the whole text in single quotes`;
}

function readAs(value: unknown): string {
  if (value === null) return "nothing";
  return typeof value === "number" ? `the number ${value}` : String(value);
}

function quotable(source: string): string {
  return source || "null";
}
