import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { Deployment } from "../session/deployment.ts";
import { report } from "../terminal/terminal.ts";

/**
 * Restarts the containers that Docker is about to start again after they ended: it waits up to a minute between two attempts,
 * and what ended them may be put right by now. Those that still end do so at once.
 */
export async function restartLoopingContainers({ registry, caches }: Deployment, host: DockerHost): Promise<void> {
  const ids = [registry, ...caches].flatMap((service) => service?.containerId ?? []);
  await Promise.all(
    ids.map(async (id) => {
      const container = dockerClient(host).getContainer(id);
      // One that can't be looked into, or started, is the proof's matter.
      const { State, Name = id } = await container.inspect().catch(() => ({ State: undefined, Name: id }));
      if (!State?.Restarting) return;
      report(`Container ${Name.replace(/^\//, "")} ended and waits to be restarted: starting it now.`);
      await container.restart().catch(() => {});
    }),
  );
}
