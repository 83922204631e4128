import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { daemonMessage } from "../../../lib/docker/docker-error.ts";
import { waitUntil } from "../../../lib/time/wait-until.ts";
import type { DockerService, DockerTask, TaskTemplate } from "./docker-service.ts";
import { FailureWatch } from "./failure-watch.ts";
import { tasksOf, whatTasksSay } from "./tasks.ts";

export interface ConvergeLimits {
  /** Milliseconds in all. */
  within: number;
  /** Milliseconds between two looks. */
  every: number;
  /** How messages name the whole time: `3m (convergeConfig.timeout)`. */
  text: string;
}

/**
 * Waits until the tasks of a service run as it asks for now (where they have a health check: are healthy), and the update
 * under way is done. Answers how many run.
 * @throws with the tasks' own errors, when the update is paused or rolled back, tasks can't run, or time is up
 */
export async function converge(docker: Docker, id: string, limits: ConvergeLimits): Promise<number> {
  const watch = new FailureWatch();
  let tasks: DockerTask[] = [];
  let earlier: Set<string> | undefined;
  /** Those that had ended before the wait belong to something else. */
  const say = () => whatTasksSay(tasks.filter(({ ID }) => !earlier?.has(ID)));
  const running = await waitUntil(async () => {
    const service = (await docker.getService(id).inspect()) as DockerService;
    tasks = await tasksOf(docker, id);
    earlier ??= new Set(tasks.filter(hasEnded).map(({ ID }) => ID));
    const problem = updateProblem(service) ?? watch.look(tasks);
    if (problem) throw new Error(problem);
    return isDone(service, tasks) ? tasks.filter(isRunning).length : undefined;
  }, limits).catch((error: unknown) => {
    throw new Error(`The service did not converge: ${daemonMessage(error)}${say()}`);
  });
  if (running !== undefined) return running;
  throw new Error(`The service did not converge within ${limits.text}${say()}`);
}

/** Undefined: the update is under way or done, or there was none. The swarm forgets it when the next one begins. */
function updateProblem({ UpdateStatus }: DockerService): string | undefined {
  const { State: state = "", Message: message = "" } = UpdateStatus ?? {};
  return /paused|rollback_completed/.test(state) ? `${state}: ${message}` : undefined;
}

function isDone({ UpdateStatus, Spec }: DockerService, tasks: DockerTask[]): boolean {
  if (UpdateStatus && UpdateStatus.State !== "completed") return false;
  const wanted = tasks.filter(({ DesiredState }) => DesiredState === "running" || DesiredState === "ready");
  const { Replicated } = Spec.Mode;
  const enough = Replicated ? wanted.length === (Replicated.Replicas ?? 1) : wanted.length > 0;
  return enough && wanted.every((task) => isRunning(task) && isCurrent(task, Spec.TaskTemplate));
}

function hasEnded({ Status }: DockerTask): boolean {
  return ["complete", "shutdown", "failed", "rejected", "orphaned", "remove"].includes(Status.State);
}

function isRunning({ DesiredState, Status }: DockerTask): boolean {
  return DesiredState === "running" && Status.State === "running";
}

/** Whether a task was made from what the service is now: at first, an update has not replaced any. */
function isCurrent({ Spec }: DockerTask, template: TaskTemplate): boolean {
  const keys = ["ContainerSpec", "Resources", "RestartPolicy", "LogDriver", "ForceUpdate"] as const;
  return keys.every((key) => isDeepStrictEqual(Spec[key], template[key]));
}
