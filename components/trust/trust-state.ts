import { z } from "zod";
import { sha256 } from "../../lib/files/sha256.ts";
import type { NodeEntry, NodeFile } from "../machines/node.ts";
import { clientNames } from "./client-name.ts";

/** What can be compared of a file without keeping its content. */
const fingerprint = z.strictObject({
  sha256: z.string().describe("SHA-256 of its content."),
  mode: z.string().describe("Four octal digits."),
  owner: z.string().describe("uid:gid, in numbers."),
});

export const trustFile = z.strictObject({
  path: z.string().describe("Where it is."),
  written: fingerprint.describe("The file as this resource left it."),
  found: fingerprint
    .optional()
    .describe("The file as it was last seen; absent: it was gone, or no plain file any more."),
  previous: z
    .strictObject({
      content: z.string().describe("Its text."),
      mode: z.string().describe("Four octal digits."),
      owner: z.string().describe("uid:gid, in numbers."),
    })
    .optional()
    .describe("What was there before this resource, put back when it goes; absent: nothing. A public certificate."),
});

/** What a NodeTrust has made on a node: enough to see every change of it, and to remove it again. */
export const trustState = z.strictObject({
  files: z.array(trustFile),
  /** Folders to remove when they are empty, outermost first. */
  folders: z.array(z.string()),
  /** What of the node itself decides which files there are; absent: it has not been looked at. */
  node: z.strictObject({ home: z.string(), clients: z.array(z.enum(clientNames)) }).optional(),
  /** Paths of files that are not there, or not right, because this user could not write them; absent: none. */
  leftOut: z.array(z.string()).optional(),
  /** When the first of the certificates ends, ISO 8601; absent: there is none. */
  certificateExpires: z.string().optional(),
});

export type Fingerprint = z.infer<typeof fingerprint>;
export type TrustFile = z.infer<typeof trustFile>;
export type TrustState = z.infer<typeof trustState>;

export const nothingTrusted: TrustState = { files: [], folders: [] };

export function fingerprintOf({ content, mode, owner }: NodeFile): Fingerprint {
  return { sha256: sha256(content), mode, owner };
}

/** The record of a file, with what is at its path now. */
export function withFound({ found: _, ...file }: TrustFile, entry: NodeEntry | undefined): TrustFile {
  return entry?.kind === "file" ? { ...file, found: fingerprintOf(entry) } : file;
}

/** Why a recorded file is not what it should be, in words that follow its path; undefined: it is. */
export function drift({ written, found }: TrustFile): string | undefined {
  if (!found) return "is gone";
  if (found.sha256 !== written.sha256) return "was changed by someone else";
  if (found.mode !== written.mode) return `has mode ${found.mode} instead of ${written.mode}`;
  if (found.owner !== written.owner) return `belongs to ${found.owner} instead of ${written.owner}`;
  return undefined;
}

/**
 * A node in words: `in place`, or what is not as it should be.
 * @param leftOut files that this user could not write @param daemon what is not as it should be of daemon.json, one sentence each
 */
export function nodeState(files: TrustFile[], leftOut: string[], daemon: string[]): string {
  const drifted = files.flatMap((file) => {
    const how = leftOut.includes(file.path) ? undefined : drift(file);
    return how === undefined ? [] : [`${file.path} ${how}`];
  });
  const missing = leftOut.length > 0 ? [`left out, as this user can't write there: ${leftOut.join(", ")}`] : [];
  return [...drifted, ...missing, ...daemon].join("; ") || "in place";
}
