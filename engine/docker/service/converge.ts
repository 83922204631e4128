import type Docker from "dockerode";
import type { PropertyMap } from "../../protocol/property-value.ts";
import { nanoseconds } from "../common/duration.ts";
import { textOf } from "../common/values.ts";
import { waitUntil } from "../common/wait-until.ts";
import type { DockerService, DockerTask } from "./docker-service.ts";

/** Milliseconds after which an update that changed no task counts as done. */
const quietPeriod = 2000;

/**
 * Waits until as many tasks run as the service asks for; after an update also until Docker calls that update done.
 * @param converge `convergeConfig`: `timeout` bounds the wait, `delay` the pause between two looks (at most a second).
 * @param before the service as it was before the update; undefined after a creation.
 * @throws with the tasks' own errors, when the update is paused or rolled back, or time is up.
 */
export async function converge(
  docker: Docker,
  id: string,
  converge: PropertyMap,
  replicas: number,
  before?: DockerService,
): Promise<void> {
  const timeout = textOf(converge.timeout) ?? "3m";
  const start = performance.now();
  const done = await waitUntil(
    async () => {
      const service = (await docker.getService(id).inspect()) as DockerService;
      const status = service.UpdateStatus;
      const isNew = before !== undefined && status !== undefined && status.StartedAt !== before.UpdateStatus?.StartedAt;
      if (isNew && /paused|rollback/.test(status.State)) {
        if (status.State !== "rollback_started") throw new Error(`${status.State}: ${status.Message ?? ""}`);
        return undefined;
      }
      if (isNew && status.State === "updating") return undefined;
      if (before !== undefined && !isNew && performance.now() - start < quietPeriod) return undefined;
      const running = (await tasksOf(docker, id)).filter(
        (task) => task.DesiredState === "running" && task.Status.State === "running",
      );
      return running.length === replicas ? true : undefined;
    },
    { within: nanoseconds(timeout) / 1e6, every: Math.min(1000, nanoseconds(textOf(converge.delay) ?? "1s") / 1e6) },
  ).catch(async (error: unknown) => {
    throw new Error(`The service did not converge: ${textOfError(error)}${await taskErrors(docker, id)}`);
  });
  if (!done) {
    throw new Error(
      `The service did not converge within ${timeout} (convergeConfig.timeout)${await taskErrors(docker, id)}`,
    );
  }
}

/** The tasks of a service, also of one that was removed a moment ago. */
export async function tasksOf(docker: Docker, id: string): Promise<DockerTask[]> {
  const tasks = (await docker.listTasks()) as DockerTask[];
  return tasks.filter((task) => task.ServiceID === id);
}

/** The last few different errors of the tasks, or in which state they hang. */
async function taskErrors(docker: Docker, id: string): Promise<string> {
  const tasks = await tasksOf(docker, id).catch(() => []);
  const latest = tasks.sort((a, b) => ((a.Status.Timestamp ?? "") < (b.Status.Timestamp ?? "") ? 1 : -1));
  const errors = new Set(latest.flatMap(({ Status }) => (Status.Err ? [Status.Err] : [])));
  if (errors.size > 0) return `. Its tasks say: ${[...errors].slice(0, 3).join("; ")}`;
  const states = [...new Set(latest.map(({ Status }) => Status.State))];
  return states.length > 0 ? `. Its tasks are ${states.join(", ")}` : ". It has no tasks";
}

function textOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
