import { styleText } from "node:util";
import type { Operation } from "../reporting/report.ts";

/** Colours text, or leaves it as it is. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Colours only on a terminal that takes them (https://no-color.org). */
export function paintFor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint {
  const colored = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  return colored ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}

/** The signs and colours that people know from Pulumi. */
const signs: Record<Operation, [sign: string, format: Parameters<Paint>[0]]> = {
  same: ["  ", "dim"],
  create: ["+ ", "green"],
  update: ["~ ", "yellow"],
  replace: ["+-", "magenta"],
  delete: ["- ", "red"],
  read: ["> ", "cyan"],
  forget: ["= ", "dim"],
};

/** The two-character sign of an operation; the removal of a replaced object is `--`. */
export function signOf(operation: Operation, leftover: boolean, paint: Paint): string {
  const [sign, format] = signs[operation];
  return paint(format, leftover && operation === "delete" ? "--" : sign);
}

/** What is done, and what was done. */
export const verbs: Record<Operation, [present: string, past: string, infinitive: string]> = {
  same: ["checking", "unchanged", "keep"],
  create: ["creating", "created", "create"],
  update: ["updating", "updated", "update"],
  replace: ["replacing", "replaced", "replace"],
  delete: ["deleting", "deleted", "delete"],
  read: ["reading", "read", "read"],
  forget: ["forgetting", "forgotten", "forget"],
};

/** The same of a refresh, which only looks: what it finds gone, or different, was so before. */
export const refreshVerbs: typeof verbs = {
  ...verbs,
  update: ["looking at", "differs", "differ"],
  delete: ["looking at", "is gone", "be gone"],
  forget: ["looking at", "is gone", "be gone"],
};
