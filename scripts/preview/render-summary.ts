import { typed } from "../../lib/start-up/typed.ts";
import { listNames } from "../terminal/list-names.ts";
import { wrap } from "../terminal/wrap.ts";
import { impactOf, worstEffect } from "./impact.ts";
import type { PlannedChange } from "./planned-change.ts";
import { plannedChanges } from "./planned-change.ts";
import type { PreviewDigest } from "./preview-digest.ts";
import { effects } from "./render-markdown.ts";

export interface SummaryOptions {
  stack: string;
  /** How wide a line may be. */
  columns: number;
}

/** How many lines of one kind are shown. */
const most = 12;

const signs = { create: "+", update: "~", replace: "+-", delete: "-", forget: "=" } as const;

/** What a plan changes and what clients notice, as lines for people on a terminal. Names of properties only: no values. */
export function renderSummary(digest: PreviewDigest, { stack, columns }: SummaryOptions): string[] {
  const changes = plannedChanges(digest);
  const made = changes.filter(({ operation }) => operation === "create").map(({ name }) => name);
  const others = changes.filter(({ operation }) => operation !== "create");
  const rows = others.slice(0, others.length > most + 1 ? most : undefined).map((change) => row(change, changes));
  const hidden = others.length - rows.length;
  const names = listNames(made, made.length > 40 ? 20 : 40);
  return [
    `Stack ${stack}: ${countsOf(changes)}`,
    ...(made.length > 0 ? wrap(`+ ${names}`, columns, 2) : []),
    ...rows.flatMap((text) => wrap(text, columns, 5)),
    ...(hidden > 0 ? [`   and ${hidden} more: ${typed("preview", `--stack ${stack} --verbose`)} shows all`] : []),
    ...headlineOf(digest, columns),
  ];
}

/** What clients notice of a plan; no line where nothing changes, and where nothing was there that could. */
export function headlineOf(digest: PreviewDigest, columns: number): string[] {
  const changes = plannedChanges(digest);
  return wrap(headline(changes, changes.filter(({ operation }) => operation === "create").length), columns, 0);
}

function countsOf(changes: PlannedChange[]): string {
  const parts = (["create", "update", "replace", "delete", "forget"] as const).flatMap((operation) => {
    const count = changes.filter((change) => change.operation === operation).length;
    return count > 0 ? [`${count} to ${operation}`] : [];
  });
  return parts.join(", ") || "nothing changes";
}

function row(change: PlannedChange, changes: PlannedChange[]): string {
  const { operation, name, properties } = change;
  const { clients, images, note } = impactOf(change, changes);
  const effect = clients === "none" ? [] : [`clients: ${clients}`];
  const lost = images === "deleted" ? ["IMAGES ARE DELETED"] : images === "new place" ? ["images: new place"] : [];
  const what = properties.length > 0 && operation !== "delete" ? ` (${listNames(properties, 4)})` : "";
  const remarks = [...lost, ...effect, ...(note ? [note] : [])].join("; ");
  return `${signs[operation].padEnd(2)} ${operation} ${name}${what}${remarks ? `: ${remarks}` : ""}`;
}

/** Empty where nothing changes, and where nothing was there that could. */
function headline(changes: PlannedChange[], made: number): string {
  if (changes.length === made) return "";
  const impacts = changes.map((change) => impactOf(change, changes));
  const lost = changes.filter((_, i) => impacts[i]?.images === "deleted").map(({ name }) => name);
  const moved = impacts.some(({ images }) => images === "new place");
  const kept = moved ? "Images begin again, empty, in another place; those of now are kept." : "Images are kept.";
  const images = lost.length > 0 ? `IMAGES ARE DELETED, with ${listNames(lost)}.` : kept;
  return `Running clients ${effects[worstEffect(impacts)]}. ${images}`;
}
