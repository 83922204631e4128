import { nameOf } from "../../lib/protocol/urn.ts";
import type { Step } from "../reporting/report.ts";
import { type Paint, signOf, type verbs } from "./paint.ts";
import { renderChanges, shownChanges, summarizeChanges } from "./render-changes.ts";

export interface TreeOptions {
  preview: boolean;
  /** Values of the changed properties, too. */
  diff: boolean;
  paint: Paint;
  /** Why steps failed, by URN. */
  errors: ReadonlyMap<string, string>;
  verbs: typeof verbs;
  /** The caller removes afterwards what it forgets. */
  purges: boolean;
}

interface Node {
  urn: string;
  /** More than one where something was replaced. */
  steps: Step[];
  children: Node[];
}

/** The resources that change, under their parents, each with what happens to it. */
export function renderTree(steps: Step[], options: TreeOptions): string[] {
  const nodes = new Map<string, Node>();
  for (const step of steps) {
    const node = nodes.get(step.urn) ?? { urn: step.urn, steps: [], children: [] };
    node.steps.push(step);
    nodes.set(step.urn, node);
  }
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent = node.steps.map((step) => (step.new ?? step.old)?.parent).find(Boolean);
    const siblings = (parent && nodes.get(parent)?.children) || roots;
    siblings.push(node);
  }
  return roots.filter(isWorthShowing(options)).flatMap((root) => renderNode(root, "", "", options));
}

function isWorthShowing({ errors }: TreeOptions): (node: Node) => boolean {
  const visit = (node: Node): boolean =>
    errors.has(node.urn) || node.steps.some(({ operation }) => operation !== "same") || node.children.some(visit);
  return visit;
}

/** @param first what stands before the node's own line. @param rest what stands before the lines under it. */
function renderNode(node: Node, first: string, rest: string, options: TreeOptions): string[] {
  const { paint, errors, diff } = options;
  const children = node.children.filter(isWorthShowing(options));
  const [main] = node.steps;
  if (!main) return [];
  const bar = children.length > 0 ? "│" : " ";
  const details = diff ? node.steps.flatMap((step) => renderChanges(step, paint)) : [];
  const error = errors.get(node.urn);
  const step = node.steps.find((candidate) => !candidate.leftover) ?? main;
  const lines = [
    `${signOf(step.operation, step.leftover ?? false, paint)} ${first}${step.type} ${paint("bold", nameOf(node.urn))} ${statusOf(step, options)}`,
    ...details.map((line) => `   ${rest}${bar}    ${line}`),
    ...(error?.split("\n") ?? []).map((line) => `   ${rest}${bar}    ${paint("red", line)}`),
  ];
  const last = children.length - 1;
  return [
    ...lines.map((line) => line.trimEnd()),
    ...children.flatMap((child, i) =>
      renderNode(child, `${rest}${i === last ? "└─ " : "├─ "}`, `${rest}${i === last ? "   " : "│  "}`, options),
    ),
  ];
}

function statusOf(step: Step, { preview, errors, diff, paint, verbs, purges }: TreeOptions): string {
  if (errors.has(step.urn)) return paint("red", "failed");
  if (step.operation === "same") return "";
  const [, past, infinitive] = verbs[step.operation];
  const kept = step.operation === "forget" ? ` (the object is ${purges ? "removed next" : "kept"})` : "";
  const changes = !diff && step.operation !== "create" ? ` ${summarizeChanges(shownChanges(step))}` : "";
  return `${preview ? infinitive : past}${kept}${changes}`.trimEnd();
}
