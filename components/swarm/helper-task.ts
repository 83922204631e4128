import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import type { DockerTask } from "../../engine/docker/service/docker-service.ts";
import { FailureWatch } from "../../engine/docker/service/failure-watch.ts";
import { tasksOf, whatTasksSay } from "../../engine/docker/service/tasks.ts";
import { orMissing } from "../../lib/docker/docker-error.ts";
import { waitUntil } from "../../lib/time/wait-until.ts";

/** A shell script that looks at a volume, or changes it, on the node of a swarm that has it. */
export interface HelperTask {
  /** The volume, in the folder /volume. */
  volume: string;
  driver: string;
  driverOptions?: Record<string, string> | undefined;
  /** Has /bin/sh. The node pulls it, or uses the one that it has. */
  image: string;
  /** Which node: constraints that lead to one. */
  constraints: string[];
  /** Numeric `uid:gid`. */
  user: string;
  /** What it needs beside the rights of its user. */
  capabilities: string[];
  /** The script and its arguments. */
  command: string[];
}

/** Longest wait for the task, with the pull of its image, in milliseconds. */
const patience = 300_000;

/**
 * Runs the script as the one task of a service, which is removed at once. Its rights are those of other helpers, as far as a swarm can
 * limit them.
 *
 * @param label by which a service that a killed run left is found: {@link removeHelperTasks}
 * @throws where no node runs it, with the swarm's own words
 */
export async function runHelperTask(
  docker: Docker,
  task: HelperTask,
  label: string,
): Promise<{ status: number; output: Buffer }> {
  const service = await docker.createService(serviceOf(task, label) as Docker.CreateServiceOptions);
  try {
    const ended = await awaitEnd(docker, service.id);
    const status = ended.Status.ContainerStatus?.ExitCode ?? 0;
    return { status, output: status === 0 ? Buffer.alloc(0) : await logOf(docker, service.id) };
  } finally {
    await removeService(docker, service.id);
  }
}

/** Removes the helper services that a killed run left for a volume. An engine that manages no swarm has none. */
export async function removeHelperTasks(docker: Docker, volume: string, label: string): Promise<void> {
  const filters = { label: [`${label}=${volume}`] };
  for (const { ID } of await docker.listServices({ filters }).catch(noneWithoutSwarm)) await removeService(docker, ID);
}

function serviceOf(task: HelperTask, label: string): object {
  const labels = { [label]: task.volume };
  const { driver: Name, driverOptions: Options } = task;
  return {
    Name: `registry-kit-helper-${createHash("sha256").update(task.volume).digest("hex").slice(0, 12)}`,
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: {
        Image: task.image,
        Command: ["/bin/sh", "-c"],
        Args: task.command,
        User: task.user,
        Labels: labels,
        ReadOnly: true,
        CapabilityDrop: ["ALL"],
        CapabilityAdd: task.capabilities.map((name) => `CAP_${name}`),
        Privileges: { NoNewPrivileges: true },
        Mounts: [
          {
            Type: "volume",
            Source: task.volume,
            Target: "/volume",
            VolumeOptions: { NoCopy: true, DriverConfig: { Name, ...(Options ? { Options } : {}) } },
          },
        ],
      },
      RestartPolicy: { Condition: "none" },
      Placement: { Constraints: task.constraints },
      Resources: { Limits: { MemoryBytes: 64 * 1024 * 1024, Pids: 32 } },
      LogDriver: { Name: "json-file", Options: { "max-size": "64k", "max-file": "1" } },
    },
  };
}

async function awaitEnd(docker: Docker, service: string): Promise<DockerTask> {
  const watch = new FailureWatch();
  let tasks: DockerTask[] = [];
  const ended = await waitUntil(
    async () => {
      tasks = await tasksOf(docker, service);
      const problem = watch.look(tasks);
      if (problem) throw new Error(`${problem}${whatTasksSay(tasks)}`);
      return tasks.find(({ Status }) => ["complete", "failed", "rejected", "orphaned"].includes(Status.State));
    },
    { within: patience, every: 200 },
  );
  if (!ended) throw new Error(`no node ran the helper within 5m${whatTasksSay(tasks)}`);
  // A script that ran and said no has a status; what never ran has none.
  const isAnswer = ended.Status.State === "complete" || (ended.Status.ContainerStatus?.ExitCode ?? 0) !== 0;
  if (!isAnswer || !ended.Status.ContainerStatus?.ContainerID) {
    throw new Error(`the node could not run the helper${whatTasksSay([ended])}`);
  }
  return ended;
}

/** Another node's log takes a moment. */
async function logOf(docker: Docker, service: string): Promise<Buffer> {
  const read = async () => {
    const stream = await docker.getService(service).logs({ stdout: true, stderr: true, follow: false });
    const output = Buffer.isBuffer(stream) ? stream : await buffer(stream as unknown as NodeJS.ReadableStream);
    return output.length > 0 ? output : undefined;
  };
  return (await waitUntil(read, { within: 10_000, every: 500 })) ?? Buffer.alloc(0);
}

async function removeService(docker: Docker, id: string): Promise<void> {
  await orMissing(docker.getService(id).remove());
}

function noneWithoutSwarm(error: { statusCode?: number }): never[] {
  if (error.statusCode === undefined) throw error;
  return [];
}
