import type Docker from "dockerode";
import type { DockerService, DockerTask } from "../../engine/docker/service/docker-service.ts";
import { tasksOf } from "../../engine/docker/service/tasks.ts";
import { isNotFound } from "../../lib/docker/docker-client.ts";
import { daemonMessage } from "../../lib/docker/docker-error.ts";

/** What a manager says of a registry's service. */
export interface ServiceStatus {
  name: string;
  /** `replicated` or `global`. */
  mode: string;
  /** Tasks that run (and are healthy), and that the swarm wants to run. */
  runningTasks: number;
  wantedTasks: number;
  /** `completed, 2026-11-21T12:41:10Z`; undefined: never updated. */
  update?: string;
  tasks: TaskStatus[];
}

export interface TaskStatus {
  /** Host name of the node; undefined where the task has no place yet. */
  node?: string;
  state: string;
  since?: string;
  error?: string;
  /** Whether the swarm wants it to run; false for one that ended lately with an error. */
  wanted: boolean;
}

export interface ServiceLook {
  running: boolean;
  state: string;
  image?: string;
  service?: ServiceStatus;
}

/** Looks at a service through a manager; what can't be seen is said in `state`. @param gone what to say where it is not there any more */
export async function serviceStatus(id: string, docker: Docker, gone = "gone"): Promise<ServiceLook> {
  try {
    const service = (await docker.getService(id).inspect()) as DockerService;
    const [tasks, nodes] = await Promise.all([tasksOf(docker, id), nodeNames(docker)]);
    const shown = describeTasks(tasks, nodes);
    const wanted = shown.filter((task) => task.wanted);
    const runningTasks = wanted.filter(({ state }) => state === "running").length;
    const wantedTasks = service.Spec.Mode.Replicated?.Replicas ?? wanted.length;
    return {
      running: runningTasks > 0 && runningTasks >= wantedTasks,
      state: `${runningTasks} of ${wantedTasks} tasks run`,
      image: await imageOf(service, docker),
      service: {
        name: service.Spec.Name,
        mode: service.Spec.Mode.Replicated ? "replicated" : "global",
        runningTasks,
        wantedTasks,
        ...updateOf(service),
        tasks: shown,
      },
    };
  } catch (error) {
    if (isNotFound(error)) return { running: false, state: gone };
    return { running: false, state: `not known: ${daemonMessage(error)}` };
  }
}

/** Those that the swarm wants, and of the others the last one with an error on each place. */
function describeTasks(tasks: DockerTask[], nodes: Map<string, string>): TaskStatus[] {
  const isWanted = ({ DesiredState }: DockerTask) => DesiredState === "running" || DesiredState === "ready";
  const failed = tasks.filter((task) => !isWanted(task) && task.Status.Err);
  const lastFailed = failed.filter(
    (task, index) => index === failed.findIndex((other) => place(other) === place(task)),
  );
  return [...tasks.filter(isWanted), ...lastFailed].map((task) => {
    const node = task.NodeID ? (nodes.get(task.NodeID) ?? task.NodeID) : undefined;
    return {
      ...(node ? { node } : {}),
      state: task.Status.State,
      ...(task.Status.Timestamp ? { since: task.Status.Timestamp } : {}),
      ...(task.Status.Err ? { error: task.Status.Err } : {}),
      wanted: isWanted(task),
    };
  });
}

function place({ Slot, NodeID }: DockerTask): string {
  return Slot ? `slot ${Slot}` : `node ${NodeID}`;
}

function updateOf({ UpdateStatus }: DockerService): { update?: string } {
  if (!UpdateStatus?.State) return {};
  const { State, CompletedAt, StartedAt, Message } = UpdateStatus;
  const isPlain = State === "completed" || State === "rollback_completed";
  return { update: [State, CompletedAt ?? StartedAt, isPlain ? undefined : Message].filter(Boolean).join(", ") };
}

async function nodeNames(docker: Docker): Promise<Map<string, string>> {
  const nodes = (await docker.listNodes()) as { ID: string; Description?: { Hostname?: string } }[];
  return new Map(nodes.map(({ ID, Description }) => [ID, Description?.Hostname ?? ID]));
}

/** With its digest, where the service names it or this engine has the image. */
async function imageOf({ Spec }: DockerService, docker: Docker): Promise<string> {
  const image = Spec.TaskTemplate.ContainerSpec?.Image ?? "unknown";
  if (image.includes("@")) return image;
  const found = await docker
    .getImage(image)
    .inspect()
    .catch(() => undefined);
  // The same image can have the digests of other registries, too.
  const repository = image.replace(/:[^/:]+$/, "");
  const digest = found?.RepoDigests?.find((name) => name.startsWith(`${repository}@`))?.split("@")[1];
  if (digest) return `${image}@${digest}`;
  // Built or loaded here, so that no registry knows a digest.
  return found ? `${image} (${found.Id})` : image;
}
