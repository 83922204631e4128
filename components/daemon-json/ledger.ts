import { posix } from "node:path";
import { z } from "zod";
import type { Node } from "../machines/node.ts";
import type { DaemonEntries } from "./daemon-file.ts";
import { entryKinds, withoutEntries } from "./daemon-file.ts";

const owners = z.record(z.string(), z.array(z.string()));

/**
 * What the kit keeps on the node beside daemon.json, for all stacks that change it: the file as it was before the first of them,
 * and who added what. So they can go in any order, and the last one puts back what was there. It is not in the state
 * because the file may hold secrets of others.
 */
const ledgerSchema = z.strictObject({
  version: z.literal(1),
  before: z.strictObject({ content: z.string(), mode: z.string(), owner: z.string() }).optional(),
  /** The file as the kit left it; another one was changed by others since. */
  written: z.string().optional(),
  /** Entry -> the resources that want it. */
  entries: z.strictObject({ insecureRegistries: owners, registryMirrors: owners }),
});

export type Ledger = z.infer<typeof ledgerSchema>;

/** A file that daemons and their clients pay no attention to. */
export function ledgerPath(file: string): string {
  return posix.join(posix.dirname(file), `.${posix.basename(file)}.registry-kit-ledger`);
}

/** @throws where there is one that can't be read */
export async function readLedger(node: Node, file: string): Promise<Ledger | undefined> {
  const path = ledgerPath(file);
  const entry = await node.look(path);
  if (!entry) return undefined;
  try {
    if (entry.kind !== "file") throw new Error("it is no file");
    return ledgerSchema.parse(JSON.parse(entry.content));
  } catch {
    throw new Error(
      `${path}, the kit's own note of what was in daemon.json, can't be read. Move it away, then run again.`,
    );
  }
}

/** Root's eyes only: the former daemon.json may hold proxies' passwords. */
export async function writeLedger(node: Node, file: string, ledger: Ledger | undefined): Promise<void> {
  const path = ledgerPath(file);
  if (!ledger) return node.remove(path);
  await node.write(path, { content: `${JSON.stringify(ledger, null, 2)}\n`, mode: "0600", owner: node.owner });
}

/** What all stacks together want. */
export function allEntries({ entries }: Ledger): DaemonEntries {
  return {
    insecureRegistries: Object.keys(entries.insecureRegistries),
    registryMirrors: Object.keys(entries.registryMirrors),
  };
}

/** What one resource has added, or found to be there. */
export function entriesOf({ entries }: Ledger, owner: string): DaemonEntries {
  const own = (all: Record<string, string[]>) => Object.keys(all).filter((entry) => all[entry]?.includes(owner));
  return { insecureRegistries: own(entries.insecureRegistries), registryMirrors: own(entries.registryMirrors) };
}

/** The note when one resource wants other entries than before. */
export function changeOwner(
  ledger: Ledger,
  {
    owner,
    formerOwner,
    former,
    wanted,
  }: { owner: string; formerOwner: string; former: DaemonEntries; wanted: DaemonEntries },
): Ledger {
  const entries = structuredClone(ledger.entries);
  for (const kind of entryKinds) {
    for (const entry of former[kind]) {
      const left = (entries[kind][entry] ?? []).filter((each) => each !== formerOwner && each !== owner);
      if (left.length > 0) entries[kind][entry] = left;
      else delete entries[kind][entry];
    }
    for (const entry of wanted[kind]) entries[kind][entry] = [...new Set([...(entries[kind][entry] ?? []), owner])];
  }
  return { ...ledger, entries };
}

/** The file as it would be without the kit: as it was, or, when others changed it since, what they left less the kit's. */
export function fileWithoutKit(
  { before, written, ...ledger }: Ledger,
  current: NonNullable<Ledger["before"]> | undefined,
): Ledger["before"] {
  if (current?.content === written) return before;
  if (!current) return undefined;
  const content = withoutEntries(current.content, allEntries(ledger), before?.content);
  return content === undefined ? undefined : { ...current, content };
}
