import { z } from "zod";
import type { NodeEntry } from "../machines/node.ts";
import { appendToList, removeFromList, removeMember, setMember } from "./json-text.ts";
import { canonicalEntry } from "./registry-entries.ts";

/** What the kit adds to a daemon.json. */
export const daemonEntries = z.strictObject({
  insecureRegistries: z.array(z.string()).describe("Registries without TLS, or with a certificate that nobody checks."),
  registryMirrors: z.array(z.string()).describe("Mirrors of Docker Hub."),
});

export type DaemonEntries = z.infer<typeof daemonEntries>;

export const noEntries: DaemonEntries = { insecureRegistries: [], registryMirrors: [] };

/** The keys of daemon.json, which are also the names of dockerd's flags but for the last letters. */
export const daemonKeys = {
  insecureRegistries: { key: "insecure-registries", flag: "--insecure-registry" },
  registryMirrors: { key: "registry-mirrors", flag: "--registry-mirror" },
} as const;

export const entryKinds = Object.keys(daemonKeys) as (keyof DaemonEntries)[];

/** Why a daemon.json can't be merged into; undefined: it can, or there is none. Nothing of its content is told. */
export function daemonFileProblem(path: string, entry: NodeEntry | undefined): string | undefined {
  if (!entry) return undefined;
  if (entry.kind === "folder") return `${path} is a folder: dockerd can't read it either. Remove it.`;
  if (entry.kind === "other") {
    return `${path} is ${entry.description}: the kit would replace it. Put the file itself in its place.`;
  }
  let value: unknown;
  try {
    value = jsonValue(entry.content);
  } catch {
    return `${path} is not valid JSON (comments and trailing commas are not allowed). Fix it first.`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `${path} holds no JSON object: dockerd refuses it. Fix it first.`;
  }
  for (const { key } of Object.values(daemonKeys)) {
    const other = Object.keys(value).find((each) => each !== key && each.toLowerCase() === key);
    if (other) return `${path}: dockerd refuses the key "${other}". Write it as "${key}".`;
    const list = (value as Record<string, unknown>)[key] ?? [];
    const isList = Array.isArray(list) && list.every((each) => typeof each === "string");
    if (!isList) return `${path}: "${key}" is not a list of strings. Fix it first.`;
  }
  return undefined;
}

/** Windows editors write one. dockerd takes it from 23.0 on. */
export const byteOrderMark = "\uFEFF";

/** The value of a daemon.json as dockerd reads it: of an empty file none of its settings is set. @throws where it is not JSON */
function jsonValue(text: string): unknown {
  return isEmpty(text) ? {} : JSON.parse(text.replace(byteOrderMark, ""));
}

function isEmpty(text: string): boolean {
  return ["", "null"].includes(text.replace(byteOrderMark, "").trim());
}

/** The kit's kinds of entries that a daemon.json has, no matter who added them. */
export function entriesIn(text: string | undefined): DaemonEntries {
  const value = parsed(text) as Record<string, string[] | null | undefined>;
  return {
    insecureRegistries: value[daemonKeys.insecureRegistries.key] ?? [],
    registryMirrors: value[daemonKeys.registryMirrors.key] ?? [],
  };
}

/** Where dockerd listens, as far as its file says so. */
export function hostsIn(text: string | undefined): string[] {
  const { hosts } = parsed(text) as { hosts?: unknown };
  return Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
}

/** The file with entries added that it lacks, all else as it is. @param before undefined: there is none. */
export function withEntries(before: string | undefined, entries: DaemonEntries): string | undefined {
  const present = entriesIn(before);
  return entryKinds.reduce<string | undefined>((text, kind) => {
    const lacking = without(entries[kind], present[kind]);
    return lacking.length === 0 ? text : appendToList(objectText(text), daemonKeys[kind].key, lacking);
  }, before);
}

/**
 * The file without entries that the kit had added: what others have changed since stays.
 * @param before the file as it was without them, if that is known: it tells which entries and keys were there.
 */
export function withoutEntries(
  current: string,
  entries: DaemonEntries,
  before: string | undefined,
): string | undefined {
  const former = entriesIn(before);
  const text = entryKinds.reduce((remaining, kind) => {
    const { key } = daemonKeys[kind];
    const ours = without(entries[kind], former[kind]);
    const left = removeFromList(remaining, key, (element) => without([element], ours).length === 0);
    const isEmpty = key in parsed(left) && entriesIn(left)[kind].length === 0;
    return isEmpty && !(before !== undefined && key in parsed(before)) ? removeMember(left, key) : left;
  }, current);
  return before === undefined && Object.keys(parsed(text)).length === 0 ? undefined : text;
}

/** The keys that a daemon would keep to if they just went, with empty lists: reloaded, those unset them (moby#36632). */
export function withEmptyLists(text: string | undefined, kinds: readonly (keyof DaemonEntries)[]): string | undefined {
  return kinds
    .filter((kind) => !(daemonKeys[kind].key in parsed(text)))
    .reduce<string | undefined>((all, kind) => setMember(objectText(all), daemonKeys[kind].key, "[]"), text);
}

/** Entries of `all` that are not among `others`; a mirror's last slash and a network's spelling make no difference to dockerd. */
export function without(all: readonly string[], others: readonly string[]): string[] {
  const plain = (text: string) => canonicalEntry(text.replace(/\/$/, ""));
  return all.filter((each) => !others.some((other) => plain(other) === plain(each)));
}

/** The change of a file in the form of a diff, the kit's lists only: other settings may be secrets. */
export function describeChange(current: string | undefined, next: string | undefined): string[] {
  const [from, to] = [entriesIn(current), entriesIn(next)];
  return entryKinds.flatMap((kind) => {
    const lines = [
      ...without(from[kind], to[kind]).map((entry) => `- ${JSON.stringify(entry)}`),
      ...without(to[kind], from[kind]).map((entry) => `+ ${JSON.stringify(entry)}`),
    ];
    return lines.length === 0 ? [] : [`  "${daemonKeys[kind].key}":`, ...lines.map((line) => `    ${line}`)];
  });
}

function parsed(text: string | undefined): object {
  return jsonValue(text ?? "") as object;
}

/** A text to which members can be added. */
function objectText(text: string | undefined): string {
  return text === undefined || isEmpty(text) ? "{}\n" : text;
}
