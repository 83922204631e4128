import { dirname } from "node:path";
import { sha256 } from "../../lib/files/sha256.ts";
import type { NodeEntry, NodeFile, NodeFiles } from "../machines/node.ts";
import { certificateProblem, describeCertificates, sameCertificates } from "./pem-certificates.ts";
import type { TrustFile, TrustState } from "./trust-state.ts";

/** What a node trusts, as files. */
export interface TrustGoal {
  /** The folders below which the files are; the kit may make them. */
  roots: string[];
  files: GoalFile[];
  /** Certificates of others may be replaced; they are put back in the end. */
  adopt: boolean;
}

export interface GoalFile {
  path: string;
  /** Undefined at a preview that doesn't know it yet. */
  content: string | undefined;
  /** Certificates are compared and described as such; a configuration is text, and one of others is never replaced. */
  kind: "certificates" | "configuration";
}

/** The file as it must be. Root's files are 0444: CIS Docker Benchmark 3.7 and 3.8. */
export function wantedFile({ content }: GoalFile, node: NodeFiles): NodeFile {
  return { content: content ?? "", mode: "0444", owner: node.owner };
}

/** Whether the file is in place and needs no write. */
export function isInPlace(entry: NodeEntry | undefined, wanted: NodeFile): boolean {
  return (
    entry?.kind === "file" &&
    entry.content === wanted.content &&
    entry.mode === wanted.mode &&
    (entry.owner === wanted.owner || entry.owner === "0:0")
  );
}

/** Why files must not be touched, one sentence each; empty: the goal can be reached. Nothing is changed. */
export async function refusals(node: NodeFiles, goal: TrustGoal, old: TrustState): Promise<string[]> {
  const reasons: string[] = [];
  const roots = goal.files.length > 0 ? goal.roots : [];
  for (const root of roots) {
    const entry = await node.look(root);
    if (entry && entry.kind !== "folder") reasons.push(notAFolder(root, entry));
  }
  if (reasons.length > 0) return reasons;
  for (const file of goal.files) {
    const folder = dirname(file.path);
    const entry = await node.look(folder);
    if (!entry) continue;
    if (entry.kind !== "folder") reasons.push(notAFolder(folder, entry));
    else {
      const record = old.files.find(({ path }) => path === file.path);
      reasons.push(...fileRefusal(file, await node.look(file.path), goal.adopt, record));
    }
  }
  return [...new Set(reasons)];
}

function fileRefusal(
  { path, content, kind }: GoalFile,
  entry: NodeEntry | undefined,
  adopt: boolean,
  record: TrustFile | undefined,
): string[] {
  if (!entry) return [];
  if (entry.kind !== "file") {
    const what = entry.kind === "folder" ? "a folder" : entry.description;
    return [`${path} is ${what}: the kit replaces only plain files. Remove it.`];
  }
  const isSame = kind === "certificates" ? sameCertificates : (a: string, b: string) => a === b;
  if (content !== undefined && isSame(entry.content, content)) return [];
  // Ours, or drift that a refresh has shown to the user.
  if (record && [record.written.sha256, record.found?.sha256].includes(sha256(entry.content))) return [];
  const whose = record ? "was changed by someone else since" : "is there already";
  if (kind === "configuration") return [`${path} ${whose}: the kit does not merge it. Move it away.`];
  if (!adopt) {
    return [
      `${path} ${whose} and ${describeCertificates(entry.content)}. Remove it, ` +
        `or set adopt to true to replace it while this stack is up; down restores it.`,
    ];
  }
  const problem = certificateProblem(entry.content);
  return problem ? [`${path} can't be adopted: it ${problem}. Move it away.`] : [];
}

function notAFolder(path: string, entry: NodeEntry): string {
  const what = entry.kind === "other" ? entry.description : "a file";
  return `${path} is ${what}: the kit writes only below real folders. Replace it by one.`;
}
