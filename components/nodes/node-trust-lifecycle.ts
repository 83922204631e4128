import { dirname } from "node:path";
import { z } from "zod";
import { IncompleteResource } from "../../provider/incomplete-resource.ts";
import type { Problems, ResourceContext, ResourceDefinition } from "../../provider/resource-definition.ts";
import { caFile, defaultCertsDirectory, isRegistryHost } from "./certs-directory.ts";
import { nodeConnection, nodeFiles } from "./node-connection.ts";
import type { NodeFiles } from "./node-files.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { certificateProblem } from "./pem-certificates.ts";
import type { Settled } from "./settle-trust.ts";
import { lookAtTrust, settleTrust } from "./settle-trust.ts";
import type { TrustGoal } from "./trust-goal.ts";
import { isInPlace, refusals, wantedFile } from "./trust-goal.ts";
import type { TrustState } from "./trust-state.ts";
import { drift, nothingTrusted, sha256, trustState } from "./trust-state.ts";

const inputs = z.strictObject({
  hosts: z
    .array(z.string().refine(isRegistryHost, "must be a DNS name or an IP address, without scheme, port or path"))
    .min(1, "must name at least one host"),
  port: z.int().min(1).max(65535),
  certificatePem: z.string().superRefine((text, context) => {
    const problem = certificateProblem(text);
    if (problem) context.addIssue({ code: "custom", message: `must be certificates in PEM: this ${problem}` });
  }),
  connection: nodeConnection,
  certsDirectory: z
    .string()
    .regex(/^\/[^\0]*[^/\0]$/, "must be an absolute path")
    .default(defaultCertsDirectory),
  adopt: z.boolean().default(false),
});

type Inputs = z.infer<typeof inputs>;

/** `registry-kit:nodes:NodeTrust`: see `NodeTrust` for what it does. */
export const nodeTrustDefinition: ResourceDefinition<Inputs, TrustState> = {
  type: "registry-kit:nodes:NodeTrust",
  inputs,
  outputs: trustState,
  secretOutputs: [],
  // Another place: its files are new, and the old place gets back what it had.
  replaceOn: ["connection", "certsDirectory"],
  deleteBeforeReplace: true,

  async validateKnown(news, old) {
    const goal = knownGoal(news);
    if (!goal || !news.connection) return [];
    const node = nodeFiles(news.connection);
    // Only the state knows which files are ours; for new hosts none is. What can't be looked at can't be written
    // either, and the missing rights are the better reason to give.
    const formerPaths = (old && knownGoal(old)?.paths) ?? [];
    const added = { ...goal, paths: goal.paths.filter((path) => !formerPaths.includes(path)) };
    const reasons = await refusals(node, added, nothingTrusted).catch(() => []);
    if (reasons.length > 0) return reasons.map((reason) => ({ property: "hosts", reason }));
    return rightsProblems(node, goal);
  },

  due({ outputs }, news) {
    const goal = goalOf(news);
    const reasons = goal.paths.flatMap((path) => pendingWrite(outputs, path, goal) ?? []);
    for (const { path, previous } of outputs.files.filter((file) => !goal.paths.includes(file.path))) {
      reasons.push(`${path} will be ${previous ? "put back as it was before" : "removed"}`);
    }
    return reasons.map((reason) => ({ property: "files", reason }));
  },

  async create(news, context) {
    const id = `${news.connection.type}:${news.certsDirectory}`;
    const { state, failures } = await settle(news, goalOf(news), nothingTrusted, context);
    if (failures.length === 0) return { id, outputs: state };
    if (state.files.length === 0) throw new Error(failures.join("\n"));
    throw new IncompleteResource(incompleteMessage(news, state, failures), id, state);
  },

  async update({ id, outputs }, news, context) {
    const { state, failures } = await settle(news, goalOf(news), outputs, context);
    if (failures.length === 0) return state;
    throw new IncompleteResource(incompleteMessage(news, state, failures), id, state);
  },

  read: ({ inputs, outputs }) => lookAtTrust(nodeFiles(inputs.connection), outputs),

  async delete({ inputs, outputs }, context) {
    const { failures } = await settle(inputs, { ...goalOf(inputs), paths: [] }, outputs, context);
    if (failures.length > 0) throw new Error(failures.join("\n"));
  },
};

function goalOf(inputs: Inputs): TrustGoal {
  const { hosts, port, certsDirectory, certificatePem, adopt } = inputs;
  const paths = [...new Set(hosts.map((host) => caFile(certsDirectory, host, port)))];
  return { certsDirectory, paths, content: `${certificatePem.trimEnd()}\n`, adopt };
}

/** The goal as far as a preview knows it, maybe without the content; undefined: too little is known. */
function knownGoal({ certificatePem, ...inputs }: Partial<Inputs>): TrustGoal | undefined {
  const { hosts, port, connection, certsDirectory, adopt } = inputs;
  if (!hosts || !port || !connection || !certsDirectory || adopt === undefined) return undefined;
  const goal = goalOf({ hosts, port, connection, certsDirectory, adopt, certificatePem: certificatePem ?? "" });
  return certificatePem === undefined ? { ...goal, content: undefined } : goal;
}

/** One resource at a time: two of them may share folders. */
function settle(inputs: Inputs, goal: TrustGoal, old: TrustState, context: ResourceContext): Promise<Settled> {
  const node = nodeFiles(inputs.connection);
  return oneAtATime(JSON.stringify(inputs.connection), async () => {
    const reasons = await refusals(node, goal, old);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    return settleTrust(node, goal, old, (message) => context.log("warning", message));
  });
}

/** Why a file has to be written, as far as the records tell; undefined: it is as it shall be. */
function pendingWrite(state: TrustState, path: string, goal: TrustGoal): string | undefined {
  const file = state.files.find((file) => file.path === path);
  if (!file) return `${path} will be written`;
  const drifted = drift(file);
  if (drifted) return `${path} ${drifted}: it will be written again`;
  return file.written.sha256 === sha256(goal.content ?? "") ? undefined : `${path} will get the new certificate`;
}

function incompleteMessage(inputs: Inputs, state: TrustState, failures: string[]): string {
  const goal = goalOf(inputs);
  const done = goal.paths.filter((path) => !pendingWrite(state, path, goal)).length;
  const advice = 'Mend that, then run "up" again: it does what is missing.';
  return `${done} of ${goal.paths.length} files are in place. ${failures.join("\n")}\n${advice}`;
}

/** Only where something would have to be written: a preview without root's rights is fine when all is in place. */
async function rightsProblems(node: NodeFiles, goal: TrustGoal): Promise<Problems> {
  const obstacles: string[] = [];
  for (const path of goal.paths) {
    const entry = goal.content === undefined ? undefined : await node.look(path).catch(() => undefined);
    const obstacle = isInPlace(entry, wantedFile(goal, node)) ? undefined : await node.writeObstacle(dirname(path));
    if (obstacle) obstacles.push(obstacle);
  }
  if (obstacles.length === 0) return [];
  const commands = goal.paths.map((path) => `sudo install -D -m 0444 ca.crt '${path}'`);
  const reason =
    `can't be written (${[...new Set(obstacles)].join("; ")}). Run "sudo npm run up", or set "trust: none" and, ` +
    `with the certificate authority's certificate saved as ca.crt, run: ${commands.join(" && ")}`;
  return [{ property: "certsDirectory", reason }];
}
