import { dirname } from "node:path";
import type { NodeEntry, NodeFile, NodeFiles } from "./node-files.ts";
import { certificateProblem, describeCertificates, sameCertificates } from "./pem-certificates.ts";
import type { TrustFile, TrustState } from "./trust-state.ts";
import { sha256 } from "./trust-state.ts";

/** What a node shall trust: the same content in every file. */
export interface TrustGoal {
  certsDirectory: string;
  /** The ca.crt of every host. */
  paths: string[];
  /** PEM; undefined at a preview that doesn't know it yet. */
  content: string | undefined;
  /** Files of others may be replaced; they are put back in the end. */
  adopt: boolean;
}

/** The file as it shall be. Root's files are 0444: CIS Docker Benchmark 3.7 and 3.8. */
export function wantedFile(goal: TrustGoal, node: NodeFiles): NodeFile {
  return { content: goal.content ?? "", mode: "0444", owner: node.owner };
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
  if (goal.paths.length === 0) return [];
  const certsDirectory = await node.look(goal.certsDirectory);
  if (certsDirectory && certsDirectory.kind !== "folder") return [notAFolder(goal.certsDirectory, certsDirectory)];
  const reasons: string[] = [];
  for (const path of goal.paths) {
    const folder = certsDirectory && (await node.look(dirname(path)));
    if (!folder) continue;
    if (folder.kind !== "folder") reasons.push(notAFolder(dirname(path), folder));
    else
      reasons.push(
        ...fileRefusal(
          path,
          await node.look(path),
          goal,
          old.files.find((file) => file.path === path),
        ),
      );
  }
  return reasons;
}

function fileRefusal(
  path: string,
  entry: NodeEntry | undefined,
  goal: TrustGoal,
  record: TrustFile | undefined,
): string[] {
  if (!entry) return [];
  if (entry.kind !== "file") {
    const what = entry.kind === "folder" ? "a folder" : entry.description;
    return [`${path} is ${what}: the kit replaces only plain certificate files. Remove it.`];
  }
  if (goal.content !== undefined && sameCertificates(entry.content, goal.content)) return [];
  // Ours, or drift that a refresh has shown to the user.
  if (record && [record.written.sha256, record.found?.sha256].includes(sha256(entry.content))) return [];
  if (!goal.adopt) {
    const whose = record ? "was changed by someone else since" : "is there already";
    return [
      `${path} ${whose} and ${describeCertificates(entry.content)}. Remove it, ` +
        `or set "trust.adopt: true" to replace it for as long as this stack is up and put it back then.`,
    ];
  }
  const problem = certificateProblem(entry.content);
  return problem ? [`${path} can't be adopted: it ${problem}. Move it away.`] : [];
}

function notAFolder(path: string, entry: NodeEntry): string {
  const what = entry.kind === "other" ? entry.description : "a file";
  return `${path} is ${what}: the kit writes only below real folders. Replace it by one.`;
}
