import type { CertificateExpiry } from "./certificate-expiry.ts";
import { certificateExpiries } from "./certificate-expiry.ts";
import type { ClientEffect, Impact } from "./impact.ts";
import { impactOf, worstEffect } from "./impact.ts";
import type { PlannedChange } from "./planned-change.ts";
import { nameOf, plannedChanges } from "./planned-change.ts";
import type { PreviewDigest } from "./preview-digest.ts";

export interface MarkdownOptions {
  stack: string;
  now: Date;
  /** Whether the real state of things was looked at first. */
  refreshed: boolean;
}

/** The first line of a summary, by which a workflow finds the comment that it edits. */
export function markerOf(stack: string): string {
  return `<!-- registry-kit preview: ${stack.replaceAll("--", "-")} -->`;
}

/** A preview as people read it in a pull request. Names of properties only: no values. */
export function renderMarkdown(digest: PreviewDigest, options: MarkdownOptions): string {
  const changes = plannedChanges(digest);
  const impacts = changes.map((change) => ({ change, impact: impactOf(change, changes) }));
  const sections = [
    markerOf(options.stack),
    `### Preview of stack ${code(options.stack)}: ${counts(digest)}`,
    headline(digest, impacts, options),
    changeTable(impacts),
    certificateSection(certificateExpiries(digest, options.now)),
    policySection(digest),
    messageSection("Errors", digest, "error"),
    messageSection("Warnings", digest, "warning"),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

interface Row {
  change: PlannedChange;
  impact: Impact;
}

const verbs = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["discard", "to forget"],
  ["same", "unchanged"],
] as const;

function counts({ changeSummary, diagnostics }: PreviewDigest): string {
  if (diagnostics.some(({ severity }) => severity === "error")) return "it failed";
  const parts = verbs.flatMap(([operation, verb]) => {
    const count = changeSummary[operation] ?? 0;
    return count > 0 ? [`${count} ${verb}`] : [];
  });
  return parts.join(", ") || "nothing to do";
}

export const effects: Record<ClientEffect, string> = {
  none: "notice nothing",
  restart: "notice a restart in place (about a second; requests under way end first)",
  gap: "notice a gap while a new container or task starts",
  end: "lose the registry",
  "new trust": "must trust a new certificate authority",
};

function headline({ diagnostics }: PreviewDigest, rows: Row[], { refreshed }: MarkdownOptions): string {
  if (diagnostics.some(({ severity }) => severity === "error")) return "Nothing can be deployed as it is.";
  const subject = refreshed ? "What is really there" : "The deployment";
  if (rows.length === 0) return `${subject} is what the settings say.`;
  const lost = rows.filter(({ impact }) => impact.images === "deleted").map(({ change }) => code(change.name));
  const moves = rows.some(({ impact }) => impact.images === "new place");
  const kept = moves
    ? "⚠️ **Images start from nothing in another place**; the present ones are kept."
    : "Images are kept.";
  const images = lost.length > 0 ? `⚠️ **Images are deleted**, with ${lost.join(", ")}.` : kept;
  const drift = refreshed ? "What is really there is not what the settings say. With the next `up`: " : "";
  return `${drift}Running clients ${effects[worstEffect(rows.map(({ impact }) => impact))]}. ${images}`;
}

const signs = { create: "➕", update: "✏️", replace: "♻️", delete: "➖", forget: "➖" } as const;

function changeTable(rows: Row[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(({ change, impact }) => {
    const { operation, name, type, properties, forcing } = change;
    const shown = properties.map((property) => (forcing.includes(property) ? `**${code(property)}**` : code(property)));
    const what = operation === "create" || operation === "delete" ? "" : shown.join(", ");
    const images = impact.images === "deleted" ? "⚠️ **deleted**" : impact.images;
    const clients = impact.clients === "none" ? "none" : `**${impact.clients}**`;
    const cells = [
      `${signs[operation]} ${operation}`,
      `${code(name)}<br>${text(shortType(type))}`,
      what,
      images,
      clients,
    ];
    return `| ${[...cells, text(impact.note ?? "")].join(" | ")} |`;
  });
  return [
    "| | Resource | Changes (bold: force a replacement) | Images | Clients | |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

/** `docker:index/container:Container` is `docker:Container`. */
function shortType(type: string): string {
  const [provider, , kind] = type.split(":");
  return `${provider}:${kind}`;
}

function certificateSection(certificates: CertificateExpiry[]): string {
  if (certificates.length === 0) return "";
  const lines = certificates.map(({ name, notAfter, daysLeft, renewed }) => {
    if (notAfter === undefined || daysLeft === undefined) return `- ${code(name)} is made by this update.`;
    const left = daysLeft < 0 ? `⚠️ **ended ${-daysLeft} days ago**` : `ends in ${daysLeft} days`;
    return `- ${code(name)} ${left} (${notAfter.slice(0, 10)})${renewed ? "; this update makes a new one" : ""}.`;
  });
  return ["#### Certificates", "", ...lines].join("\n");
}

function policySection({ policies, packs }: PreviewDigest): string {
  if (packs.length === 0) return "";
  const title = `#### Policies (${packs.map(text).join(", ")})\n\n`;
  if (policies.length === 0) return `${title}✅ All are kept.`;
  const sorted = policies.toSorted((a, b) => b.level.localeCompare(a.level, "en"));
  const lines = sorted.map(({ policy, level, urn, message }) => {
    const sign = level === "mandatory" ? "❌" : "⚠️";
    return `- ${sign} ${code(policy)} (${level}) ${code(nameOf(urn))}: ${text(message.replace(/\s*\n\s*/g, " "))}`;
  });
  return title + lines.join("\n");
}

function messageSection(title: string, { diagnostics }: PreviewDigest, severity: string): string {
  const messages = [
    ...new Set(diagnostics.filter((message) => message.severity === severity).map(({ message }) => message)),
  ];
  if (messages.length === 0) return "";
  // Indented text is shown as it is.
  const blocks = messages.map((message) => message.trimEnd().replace(/^/gm, "    "));
  return [`#### ${title}`, "", blocks.join("\n")].join("\n");
}

function code(value: string): string {
  return `\`${value.replaceAll("`", "'").replaceAll("|", "\\|").replaceAll("\n", " ")}\``;
}

/** Plain text, whatever marks it holds. */
function text(value: string): string {
  return value.replace(/[\\`*_[\]<>|]/g, (mark) => (mark === "<" ? "&lt;" : `\\${mark}`));
}
