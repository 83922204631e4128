import { isDeepStrictEqual } from "node:util";
import { sha256 } from "../../lib/files/sha256.ts";
import { IncompleteResource } from "../../lib/provider/incomplete-resource.ts";
import type { ResourceContext, ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { oneAtATime } from "../../lib/time/one-at-a-time.ts";
import { localNode } from "../machines/local-node.ts";
import type { Node } from "../machines/node.ts";
import { nodeName, withNode } from "../machines/node-connection.ts";
import { loginFor } from "../machines/ssh/ssh-login.ts";
import { blockedFiles, leftOutMessage, needsRoot, rightsProblem, splitStuck } from "./blocked-files.ts";
import { clientFiles } from "./client-files.ts";
import { clientNames } from "./client-name.ts";
import { detectClients } from "./detect-clients.ts";
import { findInterrupted } from "./find-interrupted.ts";
import type { NodeTrustInputs as Inputs } from "./node-trust-inputs.ts";
import { nodeTrustInputs as inputs } from "./node-trust-inputs.ts";
import { earliestEnd } from "./pem-certificates.ts";
import { podmanConflicts } from "./podman-registries.ts";
import type { Settled } from "./settle-trust.ts";
import { lookAtTrust, settleTrust } from "./settle-trust.ts";
import type { GoalFile, TrustGoal } from "./trust-goal.ts";
import { refusals } from "./trust-goal.ts";
import type { TrustState } from "./trust-state.ts";
import { drift, nothingTrusted, trustState } from "./trust-state.ts";

/** `registry-kit:nodes:NodeTrust`: see `NodeTrust` for what it does. */
export const nodeTrustDefinition: ResourceDefinition<Inputs, TrustState> = {
  type: "registry-kit:nodes:NodeTrust",
  inputs,
  outputs: trustState,
  secretOutputs: [],
  // Another place: its files are new, and the old place gets back what it had.
  replaceOn: ["connection", "certsDirectory"],
  deleteBeforeReplace: true,

  validate({ certificatePem, insecure }) {
    if (certificatePem !== undefined || insecure) return [];
    return [{ property: "certificatePem", reason: "is missing: clients need it unless the registry is insecure" }];
  },

  async validateKnown(news, old, context) {
    const { hosts, port, connection, clients } = news;
    if (!hosts || !port || !connection || !clients) return [];
    // A node elsewhere is looked at only when there is something to do: a run without changes makes no connection.
    if (connection.type !== "local" && old && isDeepStrictEqual(news, old)) return [];
    const known = { ...news, hosts, port, connection };
    try {
      const work = async (node: Node) => {
        const place = await lookAround(node, news);
        const goal = goalOf(known, place);
        const { blocked, leftOut } = await blockedFiles(node, goal, known);
        if (leftOut.length > 0) context.log("info", leftOutMessage(leftOut));
        // Only the state knows which files are ours; for new hosts none is. What can't be looked at can't be written
        // either, and the missing rights are the better reason to give.
        const former = old?.hosts && old.port ? goalOf({ ...old, hosts: old.hosts, port: old.port }, place).files : [];
        const added = goal.files.filter(
          ({ path }) => !former.some((file) => file.path === path) && !leftOut.includes(path),
        );
        const own = await refusals(node, { ...goal, files: added }, nothingTrusted).catch(() => []);
        const reasons = [...own, ...(await podmanConflicts(node, added))];
        if (reasons.length > 0) return reasons.map((reason) => ({ property: "hosts", reason }));
        if (blocked.length === 0) return [];
        if (connection.type === "local") return [rightsProblem(blocked)];
        const obstacles = [...new Set(blocked.map(({ obstacle }) => obstacle))];
        throw new Error(`${obstacles.join("; ")}. Log in as root, or set sudo, or rootless.`);
      };
      return await withNode(connection, loginFor(news), work, needsRoot(known, goalFilesOf(known), []));
    } catch (error) {
      // It keeps no other node from being done; "up" tries again, and fails for this one alone.
      context.log("warning", `${(error as Error).message} It will be tried again.`);
      return [];
    }
  },

  async due({ outputs }, news) {
    const goal = goalOf(news, outputs.node);
    const { leftOut = [] } = outputs;
    const reasons = goal.files.flatMap((file) =>
      leftOut.includes(file.path) ? [] : (pendingWrite(outputs, file) ?? []),
    );
    reasons.push(...(await nowWritable(news, goal, leftOut)));
    const isWanted = (path: string) => goal.files.some((file) => file.path === path);
    for (const { path, previous } of outputs.files.filter((file) => !isWanted(file.path))) {
      reasons.push(`${path} will be ${previous ? "put back as it was before" : "removed"}`);
    }
    return reasons.map((reason) => ({ property: "files", reason }));
  },

  async create(news, context) {
    const id = idOf(news);
    const { state, failures } = await settle(news, nothingTrusted, context);
    if (failures.length === 0) return { id, outputs: state };
    if (state.files.length + state.folders.length === 0) throw new Error(failures.join("\n"));
    throw new IncompleteResource(incompleteMessage(news, state, failures), id, state);
  },

  async update({ id, outputs }, news, context) {
    const { state, failures } = await settle(news, outputs, context);
    if (failures.length === 0) return state;
    throw new IncompleteResource(incompleteMessage(news, state, failures), id, state);
  },

  async find(inputs, since, context) {
    // Not known: whatever is there may be older.
    if (since.getTime() === 0) return undefined;
    try {
      return await withNode(inputs.connection, loginFor(inputs), async (node) => {
        const place = await lookAround(node, inputs);
        const seconds = (context.now().getTime() - since.getTime()) / 1000;
        const state = await findInterrupted(node, goalOf(inputs, place), seconds);
        return state && { id: idOf(inputs), outputs: { ...state, node: place, ...expiryOf(inputs) } };
      });
    } catch (error) {
      // It keeps no other node from being done.
      context.log("warning", `${(error as Error).message} What is there now is taken for a foreign file.`);
      return undefined;
    }
  },

  read: ({ inputs, outputs }) =>
    withNode(inputs.connection, loginFor(inputs), async (node) => {
      const place = await lookAround(node, inputs);
      const state = await lookAtTrust(node, outputs);
      return state && { ...state, node: place };
    }),

  async delete({ inputs, outputs }, context) {
    const nothing = { roots: [], files: [], adopt: false };
    const { failures } = await withNode(
      inputs.connection,
      loginFor(inputs),
      (node) => settleOn(node, inputs, nothing, outputs, context),
      needsRoot(inputs, [], outputs.files),
    );
    if (failures.length > 0) throw new Error(failures.join("\n"));
  },
};

type Known = Partial<Inputs> & Pick<Inputs, "hosts" | "port">;

/** What of the node itself decides which files there are. */
type Place = NonNullable<TrustState["node"]>;

/** @param place undefined: not looked at, so that only what the inputs say is known. */
function goalOf(inputs: Known, place: Place | undefined): TrustGoal {
  const {
    hosts,
    port,
    certificatePem,
    insecure = false,
    rootless = false,
    mirrors = {},
    certsDirectory = "/",
  } = inputs;
  const clients = place?.clients ?? (Array.isArray(inputs.clients) ? inputs.clients : []);
  const trust = { hosts, port, certificatePem, insecure, rootless, mirrors, certsDirectory };
  return { ...clientFiles(clients, trust, place?.home ?? "/"), adopt: inputs.adopt ?? false };
}

async function lookAround(node: Node, { clients = ["docker"] }: Partial<Inputs>): Promise<Place> {
  return { home: node.home, clients: clients === "detect" ? await detectClients(node) : clients };
}

function idOf({ connection, certsDirectory }: Inputs): string {
  return `${nodeName(connection)}:${certsDirectory}`;
}

function settle(inputs: Inputs, old: TrustState, context: ResourceContext): Promise<Settled> {
  const work = async (node: Node) => {
    const place = await lookAround(node, inputs);
    const settled = await settleOn(node, inputs, goalOf(inputs, place), old, context);
    const { certificateExpires: _, ...state } = settled.state;
    return { ...settled, state: { ...state, node: place, ...expiryOf(inputs) } };
  };
  return withNode(inputs.connection, loginFor(inputs), work, needsRoot(inputs, goalFilesOf(inputs), old.files));
}

/** The files as far as the inputs tell them: with clients to detect, those of any. */
function goalFilesOf(inputs: Known): GoalFile[] {
  const clients = Array.isArray(inputs.clients) ? inputs.clients : [...clientNames];
  return goalOf(inputs, { home: localNode.home, clients }).files;
}

/** Files that were left out and need not be any more, one sentence each. */
function nowWritable(inputs: Inputs, goal: TrustGoal, leftOut: string[]): Promise<string[]> {
  const files = goal.files.filter(({ path }) => leftOut.includes(path));
  if (files.length === 0) return Promise.resolve([]);
  const work = async (node: Node) => {
    const still = await blockedFiles(node, { ...goal, files }, inputs);
    return files.filter(({ path }) => !still.leftOut.includes(path)).map(({ path }) => `${path} can be written now`);
  };
  return withNode(inputs.connection, loginFor(inputs), work, needsRoot(inputs, files, []));
}

function expiryOf({ certificatePem }: Inputs): Pick<TrustState, "certificateExpires"> {
  return certificatePem ? { certificateExpires: earliestEnd(certificatePem).toISOString() } : {};
}

/** One resource at a time: two of them may share folders. */
function settleOn(
  node: Node,
  inputs: Inputs,
  goal: TrustGoal,
  old: TrustState,
  context: ResourceContext,
): Promise<Settled> {
  return oneAtATime(JSON.stringify(inputs.connection), async () => {
    const isHere = inputs.connection.type === "local";
    const leftOut = isHere ? (await blockedFiles(node, goal, inputs)).leftOut : [];
    const reachable = { ...goal, files: goal.files.filter(({ path }) => !leftOut.includes(path)) };
    const { stuck, rest } = await splitStuck(node, goal, old.files, inputs);
    const log = (severity: "info" | "warning", message: string) => context.log(severity, message);
    if (stuck) log("warning", stuck);
    const waiting = rest.filter(({ path }) => leftOut.includes(path));
    const { leftOut: _, ...former } = { ...old, files: rest.filter((file) => !waiting.includes(file)) };
    const added = reachable.files.filter(({ path }) => !former.files.some((file) => file.path === path));
    const reasons = [...(await refusals(node, reachable, former)), ...(await podmanConflicts(node, added))];
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    const { state, failures } = await settleTrust(node, reachable, former, log);
    const open = leftOut.length > 0 ? { leftOut } : {};
    return { state: { ...state, files: [...state.files, ...waiting], ...open }, failures };
  });
}

/** Why a file has to be written, as far as the records tell; undefined: it is right. */
function pendingWrite(state: TrustState, { path, content, kind }: GoalFile): string | undefined {
  const file = state.files.find((file) => file.path === path);
  if (!file) return `${path} will be written`;
  const drifted = drift(file);
  if (drifted) return `${path} ${drifted}: it will be written again`;
  if (file.written.sha256 === sha256(content ?? "")) return undefined;
  return `${path} will get the new ${kind === "certificates" ? "certificate" : "content"}`;
}

function incompleteMessage(inputs: Inputs, state: TrustState, failures: string[]): string {
  const goal = goalOf(inputs, state.node);
  const done = goal.files.filter((file) => !pendingWrite(state, file)).length;
  const advice = 'Fix that, then run "up" again: it does what is missing.';
  return `${done} of ${goal.files.length} files are in place. ${failures.join("\n")}\n${advice}`;
}
