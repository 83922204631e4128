import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { IncompleteResource } from "../../provider/incomplete-resource.ts";
import type { Problems, ResourceContext, ResourceDefinition } from "../../provider/resource-definition.ts";
import { clientFiles } from "./client-files.ts";
import { detectClients } from "./detect-clients.ts";
import { findInterrupted } from "./find-interrupted.ts";
import type { Node, NodeFiles } from "./node.ts";
import { nodeName, withNode } from "./node-connection.ts";
import type { NodeTrustInputs as Inputs } from "./node-trust-inputs.ts";
import { nodeTrustInputs as inputs } from "./node-trust-inputs.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { earliestEnd } from "./pem-certificates.ts";
import type { Settled } from "./settle-trust.ts";
import { lookAtTrust, settleTrust } from "./settle-trust.ts";
import type { GoalFile, TrustGoal } from "./trust-goal.ts";
import { isInPlace, refusals, wantedFile } from "./trust-goal.ts";
import type { TrustState } from "./trust-state.ts";
import { drift, nothingTrusted, sha256, trustState } from "./trust-state.ts";

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
      return await withNode(connection, news.login, async (node) => {
        const place = await lookAround(node, news);
        const goal = goalOf(known, place);
        // Only the state knows which files are ours; for new hosts none is. What can't be looked at can't be written
        // either, and the missing rights are the better reason to give.
        const former = old?.hosts && old.port ? goalOf({ ...old, hosts: old.hosts, port: old.port }, place).files : [];
        const added = goal.files.filter(({ path }) => !former.some((file) => file.path === path));
        const reasons = await refusals(node, { ...goal, files: added }, nothingTrusted).catch(() => []);
        if (reasons.length > 0) return reasons.map((reason) => ({ property: "hosts", reason }));
        const obstacles = await writeObstacles(node, goal);
        if (obstacles.length === 0) return [];
        if (connection.type === "local") return [rightsProblem(obstacles, goal)];
        throw new Error(`${obstacles.join("; ")}. Log in as root, or set sudo, or rootless.`);
      });
    } catch (error) {
      // It keeps no other node from being done; "up" tries again, and fails for this one alone.
      context.log("warning", `${(error as Error).message} It will be tried again.`);
      return [];
    }
  },

  due({ outputs }, news) {
    const goal = goalOf(news, outputs.node);
    const reasons = goal.files.flatMap((file) => pendingWrite(outputs, file) ?? []);
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
      return await withNode(inputs.connection, inputs.login, async (node) => {
        const place = await lookAround(node, inputs);
        const seconds = (context.now().getTime() - since.getTime()) / 1000;
        const state = await findInterrupted(node, goalOf(inputs, place), seconds);
        return state && { id: idOf(inputs), outputs: { ...state, node: place, ...expiryOf(inputs) } };
      });
    } catch (error) {
      // It keeps no other node from being done.
      context.log("warning", `${(error as Error).message} What is there now is taken for somebody else's.`);
      return undefined;
    }
  },

  read: ({ inputs, outputs }) =>
    withNode(inputs.connection, inputs.login, async (node) => {
      const place = await lookAround(node, inputs);
      const state = await lookAtTrust(node, outputs);
      return state && { ...state, node: place };
    }),

  async delete({ inputs, outputs }, context) {
    const nothing = { roots: [], files: [], adopt: false };
    const { failures } = await withNode(inputs.connection, inputs.login, (node) =>
      settleOn(node, inputs, nothing, outputs, context),
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
  return withNode(inputs.connection, inputs.login, async (node) => {
    const place = await lookAround(node, inputs);
    const settled = await settleOn(node, inputs, goalOf(inputs, place), old, context);
    const { certificateExpires: _, ...state } = settled.state;
    return { ...settled, state: { ...state, node: place, ...expiryOf(inputs) } };
  });
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
    const reasons = await refusals(node, goal, old);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    return settleTrust(node, goal, old, (severity, message) => context.log(severity, message));
  });
}

/** Why a file has to be written, as far as the records tell; undefined: it is as it shall be. */
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
  const advice = 'Mend that, then run "up" again: it does what is missing.';
  return `${done} of ${goal.files.length} files are in place. ${failures.join("\n")}\n${advice}`;
}

/** Only where something would have to be written: a preview without root's rights is fine when all is in place. */
async function writeObstacles(node: NodeFiles, goal: TrustGoal): Promise<string[]> {
  const obstacles: string[] = [];
  for (const file of goal.files) {
    const { path, content } = file;
    const entry = content === undefined ? undefined : await node.look(path).catch(() => undefined);
    const obstacle = isInPlace(entry, wantedFile(file, node)) ? undefined : await node.writeObstacle(dirname(path));
    if (obstacle) obstacles.push(obstacle);
  }
  return [...new Set(obstacles)];
}

function rightsProblem(obstacles: string[], goal: TrustGoal): Problems[number] {
  const commands = goal.files.map(({ path }) => `sudo install -D -m 0444 ca.crt '${path}'`);
  const reason =
    `can't be written (${obstacles.join("; ")}). Run "sudo npm run up", or set "trust: none" and, ` +
    `with the certificate authority's certificate saved as ca.crt, run: ${commands.join(" && ")}`;
  return { property: "certsDirectory", reason };
}
