import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import type { TrustMode } from "./trust-service.ts";
import { revisionLabel } from "./trust-service.ts";

/** What became of a service on the nodes of a swarm, by the nodes' names. */
export interface NodesReached {
  done: string[];
  /** Down, drained or paused: nothing runs there. */
  away: string[];
  /** Name -> why it is not done, in the swarm's words. */
  failed: Record<string, string>;
}

interface Node {
  ID: string;
  Description: { Hostname: string; Platform: { OS: string } };
  Spec: { Availability: string };
  Status: { State: string };
}

interface Task {
  ID: string;
  NodeID?: string;
  Spec: { ContainerSpec: { Labels?: Record<string, string> } };
  Status: { State: string; Err?: string; Timestamp: string; ContainerStatus?: { ExitCode?: number } };
}

/** A task that could not write ends at once. */
const steadyMilliseconds = 1_000;
const foreignFile = 3;
const inTheWay = "there is a different ca.crt that the kit did not write; the service's log names it. Remove it there";

/** Waits until the tasks of a revision are where they belong on every node that takes tasks, or until time is up. */
export async function awaitTasks(
  docker: Docker,
  { service, revision, mode, within }: { service: string; revision: string; mode: TrustMode; within: number },
): Promise<NodesReached> {
  const end = performance.now() + within;
  const seen = new Map<string, number>();
  // What failed before says nothing of how it is now: the swarm tries again.
  const before = new Set((await tasksOf(docker, service, revision)).map(({ ID }) => ID));
  for (;;) {
    const tasks = await tasksOf(docker, service, revision);
    const reached = lookAt(await linuxNodes(docker), tasks, mode, seen);
    const waiting = Object.values(reached.failed);
    const isHopeless = tasks.some((task) => metForeignFile(task) && !before.has(task.ID));
    if (waiting.length === 0 || performance.now() > end) return reached;
    if (isHopeless && waiting.every((reason) => reason === inTheWay)) return reached;
    await pause(200);
  }
}

/** How it stands now. Tasks that run are taken to have done their work. */
export async function lookAtTasks(docker: Docker, service: string, revision: string): Promise<NodesReached> {
  return lookAt(await linuxNodes(docker), await tasksOf(docker, service, revision), "keep", undefined);
}

function lookAt(nodes: Node[], tasks: Task[], mode: TrustMode, seen: Map<string, number> | undefined): NodesReached {
  const reached: NodesReached = { done: [], away: [], failed: {} };
  for (const { ID, Description, Spec, Status } of nodes) {
    const name = Description.Hostname;
    const own = tasks.filter(({ NodeID }) => NodeID === ID);
    if (own.some((task) => isDone(task, mode, seen))) reached.done.push(name);
    else if (Status.State !== "ready") reached.away.push(`${name} (${Status.State})`);
    else if (Spec.Availability !== "active") reached.away.push(`${name} (${Spec.Availability})`);
    else reached.failed[name] = reasonOf(own);
  }
  return reached;
}

function isDone({ ID, Status }: Task, mode: TrustMode, seen: Map<string, number> | undefined): boolean {
  if (mode === "remove") return Status.State === "complete";
  if (Status.State !== "running") return false;
  if (!seen) return true;
  const since = seen.get(ID) ?? performance.now();
  seen.set(ID, since);
  return performance.now() - since >= steadyMilliseconds;
}

function reasonOf(tasks: Task[]): string {
  const latest = tasks.toSorted((a, b) => b.Status.Timestamp.localeCompare(a.Status.Timestamp));
  const failed = latest.find(({ Status }) => Status.Err);
  if (failed && metForeignFile(failed)) return inTheWay;
  return failed?.Status.Err ?? (latest[0] ? `its task is ${latest[0].Status.State}` : "it has no task yet");
}

function metForeignFile({ Status }: Task): boolean {
  return Status.ContainerStatus?.ExitCode === foreignFile;
}

async function linuxNodes(docker: Docker): Promise<Node[]> {
  const nodes = (await docker.listNodes()) as Node[];
  return nodes.filter(({ Description }) => Description.Platform.OS === "linux");
}

async function tasksOf(docker: Docker, service: string, revision: string): Promise<Task[]> {
  const tasks = (await docker.listTasks({ filters: JSON.stringify({ service: [service] }) })) as Task[];
  return tasks.filter(({ Spec }) => Spec.ContainerSpec.Labels?.[revisionLabel] === revision);
}
