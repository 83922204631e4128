import { z } from "zod";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { removeHelperTasks, runHelperTask } from "../swarm/helper-task.ts";
import { helperLimits } from "./helper-limits.ts";
import { helperLabel, removeHelpers } from "./helpers.ts";

/** Of a volume that a swarm's task mounts: which nodes may have it, and how the task's mount makes it. */
export const volumeTask = z.strictObject({
  constraints: z.array(z.string()),
  driver: z.string().min(1),
  driverOptions: z.record(z.string(), z.string()).optional(),
});

/** A volume, and where a script can look into it. */
export interface ScriptPlace {
  dockerHost: DockerHost;
  volume: string;
  image: string;
  /** Absent: the volume is on the engine itself. */
  task?: z.infer<typeof volumeTask> | undefined;
  /** Id of the one node that has the volume, where that is not said by the constraints of the task. */
  node?: string | undefined;
}

/**
 * Runs a shell script in a volume, which is the folder /volume.
 *
 * @param capabilities what it needs beside the rights of `user`
 * @returns its exit code, and what it printed where that is not 0
 */
export async function runInVolume(
  place: ScriptPlace,
  user: string,
  capabilities: string[],
  [script = "", ...given]: string[],
): Promise<{ status: number; output: string }> {
  const { dockerHost, volume, image, task, node } = place;
  const run = { volume, image, user, capabilities, command: [script, ...given] };
  const { status, output } = task
    ? await runHelperTask(
        dockerClient(dockerHost),
        { ...run, ...task, constraints: constraintsOf(task, node) },
        helperLabel,
      )
    : await runContainer(dockerHost, run);
  return { status, output: printable(output.toString("utf8")) };
}

/** Removes what a killed run left that runs a script in a volume: it would keep the volume from being removed. */
export async function stopScripts({
  dockerHost,
  volume,
  task,
}: Pick<ScriptPlace, "dockerHost" | "volume" | "task">): Promise<undefined> {
  const docker = dockerClient(dockerHost);
  await (task ? removeHelperTasks(docker, volume, helperLabel) : removeHelpers(docker, volume));
}

function constraintsOf({ constraints }: z.infer<typeof volumeTask>, node: string | undefined): string[] {
  return [...constraints, ...(node === undefined ? [] : [`node.id==${node}`])];
}

async function runContainer(
  dockerHost: DockerHost,
  {
    volume,
    image,
    user,
    capabilities,
    command: [script = "", ...given],
  }: { volume: string; image: string; user: string; capabilities: string[]; command: string[] },
): Promise<{ status: number; output: Buffer }> {
  const helper = await dockerClient(dockerHost).createContainer({
    Image: image,
    Entrypoint: ["/bin/sh", "-c", script],
    Cmd: given,
    User: user,
    // By which a helper that a killed run left is found.
    Labels: { [helperLabel]: volume },
    HostConfig: { ...helperLimits(capabilities), Binds: [`${volume}:/volume:nocopy`] },
  });
  try {
    await helper.start();
    const { StatusCode } = (await helper.wait()) as { StatusCode: number };
    const output = StatusCode === 0 ? Buffer.alloc(0) : await helper.logs({ stdout: true, stderr: true });
    return { status: StatusCode, output };
  } finally {
    await helper.remove({ force: true, v: true });
  }
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, " ").trim();
}
