import type { Document, Node, Scalar } from "yaml";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { mayLoseText } from "./may-lose-text.ts";
import { type StackPlace, settingsText } from "./settings-text.ts";

/**
 * Adds to each problem where it stands in the settings file of the stack. Problems of a setting that is not in the file, such as
 * a missing one, stay as they are.
 */
export async function withPositions(problems: Problem[], place: StackPlace): Promise<Problem[]> {
  const text = problems.length > 0 ? settingsText(place) : undefined;
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

/** {@link lostText} of the settings file of a stack. */
export async function lostTextProblems(place: StackPlace): Promise<Problem[]> {
  const text = settingsText(place);
  if (text === undefined || !mayLoseText(text)) return [];
  const { lostText } = await import("./lost-text.ts");
  return lostText(text, place.project);
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
    const name = (key ? String(key.value) : "").replace(new RegExp(`^${prefix}`), "");
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
