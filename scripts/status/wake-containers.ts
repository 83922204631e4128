import type Docker from "dockerode";
import type { StackResource } from "../engines/engine.ts";
import { report } from "../terminal/terminal.ts";

/**
 * Puts right what keeps a stack's containers from answering although they are there, and needs no new container: one that somebody
 * paused or took off its network, and one that ended and that Docker is about to start again (it waits up to a minute between two
 * attempts, and what ended it may be put right by now). Those that still end do so at once.
 */
export async function wakeContainers(docker: Docker, resources: StackResource[]): Promise<void> {
  const containers = resources.filter(
    ({ type, id, external, delete: leaves }) =>
      type === "docker:index/container:Container" && id && !external && !leaves,
  );
  // One that can't be looked into, or started, is the proof's matter.
  await Promise.all(containers.map((container) => wake(docker, container).catch(() => {})));
}

async function wake(docker: Docker, { id = "", inputs }: StackResource): Promise<void> {
  const container = docker.getContainer(id);
  const { State, Name, NetworkSettings } = await container.inspect();
  const about = `Container ${Name.replace(/^\//, "")}`;
  if (State.Paused) {
    report(`${about} is paused: letting it run on.`);
    await container.unpause();
  }
  const joined = Object.entries(NetworkSettings.Networks).flatMap(([name, { NetworkID }]) => [name, NetworkID]);
  for (const network of networksOf(inputs).filter((wanted) => !joined.includes(wanted))) {
    report(`${about} was taken off network ${network}: connecting it again.`);
    await docker.getNetwork(network).connect({ Container: id });
  }
  if (State.Restarting) {
    report(`${about} ended and waits to be restarted: starting it now.`);
    await container.restart();
  }
}

function networksOf(inputs: StackResource["inputs"] = {}): string[] {
  const networks = Array.isArray(inputs.networksAdvanced) ? inputs.networksAdvanced : [];
  return networks.flatMap(({ name }: { name?: unknown }) => (typeof name === "string" ? [name] : []));
}
