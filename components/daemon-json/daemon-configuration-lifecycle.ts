import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { IncompleteResource } from "../../lib/provider/incomplete-resource.ts";
import type { ResourceContext, ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { oneAtATime } from "../../lib/time/one-at-a-time.ts";
import { ConnectionLost } from "../machines/connection-lost.ts";
import type { Node } from "../machines/node.ts";
import { nodeConnection, nodeName, withNode } from "../machines/node-connection.ts";
import { loginFor, sshLogin } from "../machines/ssh/ssh-login.ts";
import { mirrorUrl } from "../trust/node-trust-inputs.ts";
import { closedFile, needsRoot, stuckEntries } from "./closed-file.ts";
import type { DaemonEntries } from "./daemon-file.ts";
import { daemonEntries, daemonKeys, entriesIn, entryKinds, noEntries, without } from "./daemon-file.ts";
import { entriesOf, readLedger } from "./ledger.ts";
import { placeOf } from "./place-of.ts";
import { insecureEntry } from "./registry-entries.ts";
import { defaultDaemonFile, findDaemon, hasDockerd, notLive, withoutCandidate } from "./running-daemon.ts";
import { planDaemon, settleDaemon } from "./settle-daemon.ts";

const inputs = z.strictObject({
  connection: nodeConnection,
  login: sshLogin.optional(),
  insecureRegistries: z.array(insecureEntry).default([]),
  registryMirrors: z.array(mirrorUrl).default([]),
  rootless: z.boolean().default(false),
  ifPresent: z.boolean().default(false),
  stack: z.string().min(1).optional(),
  file: z
    .string()
    .regex(/^\/[^\0]*[^/\0]$/, "must be an absolute path")
    .default(defaultDaemonFile),
});

type Inputs = z.infer<typeof inputs>;

const outputs = z.strictObject({
  /** What this resource has added, or found to be there. */
  entries: daemonEntries,
  /** The file's mode and owner as it was left; absent: they are not known. */
  rights: z.strictObject({ mode: z.string(), owner: z.string() }).optional(),
  /** What is not as it should be, one sentence each, as last seen. */
  drift: z.array(z.string()),
  /** The file, where the daemon reads another one than the inputs say. */
  file: z.string().optional(),
  /** Entries that this user had no right to add; absent: none. */
  leftOut: z.array(z.string()).optional(),
});

type Outputs = z.infer<typeof outputs>;

/** `registry-kit:nodes:DaemonConfiguration`: see `DaemonConfiguration` for what it does. */
export const daemonConfigurationDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:nodes:DaemonConfiguration",
  inputs,
  outputs,
  secretOutputs: [],
  replaceOn: ["connection", "file", "rootless"],
  deleteBeforeReplace: true,

  async validateKnown(news, old, context) {
    const { connection, file, rootless, insecureRegistries, registryMirrors } = news;
    if (!connection || !file || rootless === undefined || !insecureRegistries || !registryMirrors) return [];
    if (old && isDeepStrictEqual(news, old)) return [];
    const former = old ? { insecureRegistries: [], registryMirrors: [], ...known(old) } : noEntries;
    try {
      const wanted = { insecureRegistries, registryMirrors };
      const work = async (node: Node) => {
        if (news.ifPresent && !(await hasDockerd(node))) return [];
        const place = await placeOf(node, { file, rootless });
        if (connection.type === "local") {
          const closed = await closedFile(node, place, wanted);
          if (closed?.dispensable && closed.message) context.log("info", closed.message);
          if (closed) return closed.dispensable ? [] : [{ property: "file", reason: closed.message }];
        }
        const plan = await planDaemon(node, place, { ...owners(context, news, old), former, wanted });
        if (plan.diff.length > 0) {
          const where = `${place.file} on ${nodeName(connection)}`;
          context.log("info", [`${where} ${plan.current ? "changes" : "is made"}:`, ...plan.diff].join("\n"));
        }
        if (!plan.daemon) context.log("warning", notRunning(place.file));
        return plan.problems.map((reason) => ({ property: "file", reason }));
      };
      return await withNode(connection, loginFor(news), work, needsRoot({ file, rootless }, wanted, former));
    } catch (error) {
      const reason = (error as Error).message;
      if (connection.type === "local") return [{ property: "file", reason }];
      context.log("warning", `${reason} It will be tried again.`);
      return [];
    }
  },

  async due({ outputs: { drift, leftOut = [] } }, news) {
    const open = leftOut.length > 0 && !(await isStillClosed(news)) ? leftOut : [];
    const reasons = open.map((entry) => `${entry} can be added to the file now`);
    return [...drift, ...reasons].map((reason) => ({ property: "drift", reason }));
  },

  async create(news, context) {
    const id = idOf(news);
    return { id, outputs: await settle(id, news, { inputs: news, entries: noEntries }, context) };
  },

  /** What a killed run began: the note of it is written before daemon.json is. */
  async find(inputs, _since, context) {
    const id = idOf(inputs);
    const drift = ["the last run was stopped while it changed the file"];
    const { connection, insecureRegistries, registryMirrors } = inputs;
    try {
      const note = async (node: Node) =>
        readLedger(node, await withoutCandidate(node, (await placeOf(node, inputs)).file));
      const ledger = await withNode(connection, loginFor(inputs), note, needsRoot(inputs, noEntries));
      const entries = ledger ? entriesOf(ledger, owners(context, inputs).owner) : noEntries;
      return isDeepStrictEqual(entries, noEntries) ? undefined : { id, outputs: { entries, drift } };
    } catch (error) {
      context.log(
        "warning",
        `${(error as Error).message} What the last run left there is not known, so all of it is assumed.`,
      );
      return { id, outputs: { entries: { insecureRegistries, registryMirrors }, drift } };
    }
  },

  update: ({ id, inputs, outputs: { entries, file } }, news, context) =>
    settle(id, news, { inputs, entries, file }, context),

  read: ({ inputs, outputs }) =>
    withNode(inputs.connection, loginFor(inputs), async (node) => {
      const isThere = !inputs.ifPresent || (await hasDockerd(node));
      return { ...outputs, drift: isThere ? await driftOf(node, inputs, outputs) : [] };
    }),

  async delete({ inputs, outputs: { entries, file } }, context) {
    // A node without dockerd: its folder would be made, to be left empty.
    if (isDeepStrictEqual(entries, noEntries)) return;
    const work = (node: Node) =>
      oneAtATime(JSON.stringify(inputs.connection), async () => {
        const place = await placeOf(node, inputs, file);
        const stuck = inputs.connection.type === "local" ? await stuckEntries(node, place, entries) : undefined;
        if (stuck && !stuck.dispensable) throw new Error(stuck.message);
        if (stuck) return context.log("warning", stuck.message);
        const request = { ...owners(context, inputs, inputs), former: entries, wanted: noEntries };
        const plan = await planDaemon(node, place, request);
        if (plan.problems.length > 0) throw new Error(plan.problems.join("\n"));
        if (!plan.daemon) context.log("warning", `${notRunning(place.file)} The file alone was restored.`);
        await settleDaemon(node, place, request, plan);
      });
    await withNode(inputs.connection, loginFor(inputs), work, needsRoot(inputs, noEntries));
  },
};

function idOf({ connection, file }: Inputs): string {
  return `${nodeName(connection)}:${file}`;
}

/** What was recorded of a resource. */
interface Former {
  inputs: Inputs;
  entries: DaemonEntries;
  file?: string | undefined;
}

function settle(id: string, news: Inputs, former: Former, context: ResourceContext): Promise<Outputs> {
  const { connection, insecureRegistries, registryMirrors } = news;
  const wanted = { insecureRegistries, registryMirrors };
  const work = (node: Node) =>
    oneAtATime(JSON.stringify(connection), async () => {
      if (news.ifPresent && !(await hasDockerd(node))) return { entries: noEntries, drift: [] };
      const place = await placeOf(node, news, former.file);
      const other = place.file === (await placeOf(node, news, news.file)).file ? {} : { file: place.file };
      const closed = connection.type === "local" ? await closedFile(node, place, wanted) : undefined;
      if (closed && !closed.dispensable) throw new Error(closed.message);
      if (closed) {
        const stuck = await stuckEntries(node, place, {
          insecureRegistries: without(former.entries.insecureRegistries, insecureRegistries),
          registryMirrors: without(former.entries.registryMirrors, registryMirrors),
        });
        if (stuck && !stuck.dispensable) throw new Error(stuck.message);
        if (stuck && stuck.lacking.length > 0) context.log("warning", stuck.message);
        // What is there already, others have put there.
        const leftOut = closed.lacking.length > 0 ? { leftOut: closed.lacking } : {};
        return { entries: former.entries, ...other, drift: [], ...leftOut };
      }
      const request = { ...owners(context, news, former.inputs), former: former.entries, wanted };
      const plan = await planDaemon(node, place, request);
      if (plan.problems.length > 0) throw new Error(plan.problems.join("\n"));
      // Its flags can't be seen, and a file that goes against them would keep it from starting.
      if (!plan.daemon) throw new Error(notRunning(place.file));
      const rights = plan.next ? { rights: { mode: plan.next.mode, owner: plan.next.owner } } : {};
      const done = { entries: wanted, ...rights, ...other };
      try {
        await settleDaemon(node, place, request, plan);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        const open = { ...done, drift: ["it is not known whether dockerd has reloaded its file"] };
        throw new IncompleteResource(`${error.message} The next "up" does what is missing.`, id, open);
      }
      return { ...done, drift: [] };
    });
  return withNode(connection, loginFor(news), work, needsRoot(news, wanted, former.entries));
}

async function driftOf(node: Node, inputs: Inputs, { entries, rights, ...seen }: Outputs): Promise<string[]> {
  if (seen.leftOut) return [];
  const place = await placeOf(node, inputs, seen.file);
  const { file } = place;
  const entry = await node.look(file);
  if (entry?.kind !== "file") return [`${file} ${entry ? "is no file any more" : "is gone"}`];
  let present: DaemonEntries;
  try {
    present = entriesIn(entry.content);
  } catch {
    return [`${file} is no valid JSON any more`];
  }
  const drift = entryKinds.flatMap((kind) =>
    without(entries[kind], present[kind]).map(
      (each) => `${each} is gone from "${daemonKeys[kind].key}" in ${file}: it will be added again`,
    ),
  );
  if (rights && entry.mode !== rights.mode) drift.push(`${file} has mode ${entry.mode} instead of ${rights.mode}`);
  if (rights && entry.owner !== rights.owner)
    drift.push(`${file} belongs to ${entry.owner} instead of ${rights.owner}`);
  if (drift.length > 0) return drift;
  const daemon = await findDaemon(node, place, entry.content);
  return daemon ? notLive(node, daemon, entries, noEntries) : [notRunning(file)];
}

async function isStillClosed(news: Inputs): Promise<boolean> {
  const { insecureRegistries, registryMirrors } = news;
  const wanted = { insecureRegistries, registryMirrors };
  const work = async (node: Node) => {
    const closed = await closedFile(node, await placeOf(node, news), wanted);
    return closed !== undefined && closed.lacking.length > 0;
  };
  return withNode(news.connection, loginFor(news), work, needsRoot(news, wanted));
}

/** How the ledger calls this resource. Before stacks had an identity it was the URN alone, and that is what it calls older entries. */
function owners({ urn }: ResourceContext, news: Partial<Inputs>, old: Partial<Inputs> = news) {
  const nameOf = ({ stack }: Partial<Inputs>) => (stack ? `${urn} of ${stack}` : urn);
  return { owner: nameOf(news), formerOwner: nameOf(old) };
}

function known({ insecureRegistries, registryMirrors }: Partial<Inputs>): Partial<DaemonEntries> {
  return { ...(insecureRegistries ? { insecureRegistries } : {}), ...(registryMirrors ? { registryMirrors } : {}) };
}

function notRunning(file: string): string {
  return `no dockerd that reads ${file} is running. Start it, then run "up" again.`;
}
