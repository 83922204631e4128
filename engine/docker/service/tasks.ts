import type Docker from "dockerode";
import type { DockerTask } from "./docker-service.ts";

/** The tasks of a service, also of one that was removed a moment ago; the newest first. */
export async function tasksOf(docker: Docker, service: string): Promise<DockerTask[]> {
  const tasks = (await docker.listTasks()) as DockerTask[];
  const ours = tasks.filter(({ ServiceID }) => ServiceID === service);
  return ours.sort((a, b) => ((a.Status.Timestamp ?? "") < (b.Status.Timestamp ?? "") ? 1 : -1));
}

/** The last few different errors of tasks, or in which state they hang: `. Its tasks say: No such image: a:1`. */
export function whatTasksSay(tasks: DockerTask[]): string {
  const errors = [...new Set(tasks.flatMap(({ Status }) => (Status.Err ? [Status.Err] : [])))];
  if (errors.length > 0) return `. Its tasks say: ${errors.slice(0, 3).join("; ")}`;
  const states = [...new Set(tasks.map(({ Status }) => Status.State))];
  return states.length > 0 ? `. Its tasks are ${states.join(", ")}` : ". It has no tasks";
}
