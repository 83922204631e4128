import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document, Node, Scalar } from "yaml";
import { type Problem, pathText } from "../components/validation/describe-issues.ts";

interface Place {
  project: string;
  stack: string;
  /** Folder of the settings files. Default: this one. */
  folder?: string;
}

/** Numbers, truth values and dates without quotes where a name stands, and numbers that begin with a zero. */
const suspicious = /(^|[\s{,])([-+.]?\d[\w.+-]*|true|false|null|~)\s*:(\s|$)|[:[,-]\s+[-+]?0\d|:\s+\d{4}-\d\d-\d\d/im;

/**
 * Adds to each problem where it stands in the settings file of the stack. Problems of a setting that is not in the file, such as
 * a missing one, stay as they are.
 */
export async function withPositions(problems: Problem[], place: Place): Promise<Problem[]> {
  const text = problems.length > 0 ? readText(place) : undefined;
  if (text === undefined) return problems;
  const { LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true });
  return problems.map((problem) => {
    const offset = offsetOf(document, place.project, problem.path);
    if (offset === undefined) return problem;
    const { line, col } = lineCounter.linePos(offset);
    return { ...problem, at: { line, column: col } };
  });
}

/**
 * What the settings file loses on its way to the program: names and texts without quotes that YAML reads as something else, so
 * that `007` arrives as 7. The file is parsed only where it looks like that.
 */
export async function lostTextProblems(place: Place): Promise<Problem[]> {
  const text = readText(place);
  if (text === undefined || !suspicious.test(text)) return [];
  const { isMap, isScalar, isSeq, parseDocument } = await import("yaml");
  const prefix = `${place.project}:`;
  const walk = (node: unknown, path: PropertyKey[]): Problem[] => {
    if (isSeq(node)) return node.items.flatMap((item, i) => walk(item, [...path, i]));
    if (!isMap(node)) return isScalar(node) ? lost(node, path, "value") : [];
    return node.items.flatMap(({ key, value }) => {
      if (!isScalar(key)) return walk(value, path);
      const place = [...path, String(key.value)];
      return [...lost(key, place, "name"), ...walk(value, place)];
    });
  };
  const config = parseDocument(text, { merge: true }).get("config", true);
  if (!isMap(config)) return [];
  return config.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : "";
    if (name.startsWith(prefix)) return walk(value, [name.slice(prefix.length)]);
    return name.includes(":") ? [] : walk(value, [name]);
  });
}

function readText({ stack, folder = import.meta.dirname }: Place): string | undefined {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function lost({ value, source = "", type }: Scalar, path: PropertyKey[], role: "name" | "value"): Problem[] {
  // A full time in UTC arrives as it is written: `ephemeral.created` is one.
  const isDate =
    type === "PLAIN" && /^\d{4}-\d\d-\d\d/.test(source) && !/^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d+)?Z$/.test(source);
  // A name like 7 arrives as it is written.
  const isOther =
    role === "name" && typeof value !== "string" && !(typeof value === "number" && String(value) === source);
  // Some readers take 010 for 8, others for 10.
  const isOctal = type === "PLAIN" && /^[-+]?0\d/.test(source) && typeof value === "number";
  if (!isDate && !isOther && !isOctal) return [];
  const meant = isDate
    ? "a date"
    : value === null
      ? "nothing"
      : `the ${typeof value === "number" ? "number " : ""}${value}`;
  const reason = `is written ${source || "null"} without quotes, which YAML reads as ${meant}: write it in quotes, "${source || "null"}"${isOctal && role === "value" ? ", or without the zero in front if it is a number" : ""}`;
  return [{ path: pathText(path), reason }];
}

/** Where the setting of a problem begins, or the nearest section around it. */
function offsetOf(document: Document, project: string, path: string): number | undefined {
  const config = document.get("config", true);
  let node: unknown = config;
  let found: number | undefined;
  let rest = path;
  while (rest !== "" && isNodeWithItems(node)) {
    const step = nextStep(node, rest, node === config ? `${project}:` : "");
    if (!step) break;
    found = step.offset ?? found;
    node = step.value;
    rest = step.rest;
  }
  return found;
}

interface Step {
  offset: number | undefined;
  value: unknown;
  rest: string;
}

function nextStep(node: { items: unknown[] }, path: string, prefix: string): Step | undefined {
  const index = /^\[(\d+)\]\.?/.exec(path);
  if (index) {
    const item = node.items[Number(index[1])];
    return item === undefined ? undefined : { offset: startOf(item), value: item, rest: path.slice(index[0].length) };
  }
  // The longest name that fits: names of users and labels have dots, too.
  const pairs = node.items.flatMap((item) => {
    const { key, value } = item as { key?: Scalar; value?: unknown };
    const name = String(key?.value ?? "").replace(new RegExp(`^${prefix}`), "");
    const isNext = path === name || (path.startsWith(name) && [".", "["].includes(path[name.length] ?? ""));
    return isNext && name !== "" ? [{ name, key, value }] : [];
  });
  const [pair] = pairs.toSorted((a, b) => b.name.length - a.name.length);
  if (!pair) return undefined;
  return { offset: startOf(pair.key), value: pair.value, rest: path.slice(pair.name.length).replace(/^\./, "") };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0];
}

function isNodeWithItems(node: unknown): node is { items: unknown[] } {
  return typeof node === "object" && node !== null && "items" in node && Array.isArray(node.items);
}
