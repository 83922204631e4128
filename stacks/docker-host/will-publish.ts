import type Docker from "dockerode";
import type { ContainerInfo } from "dockerode";

/** Docker lists no ports of a container between two restarts, and it may have the port again by the time it is tried. */
export async function willPublish(client: Docker, own: ContainerInfo[], port: number): Promise<boolean> {
  const restarting = own.filter(({ State }) => State === "restarting" || State === "running");
  const found = await Promise.all(
    restarting.map(async ({ Id }) => {
      const inspected = await client
        .getContainer(Id)
        .inspect()
        .catch(() => undefined);
      const bindings: Record<string, { HostPort?: string }[] | null> = inspected?.HostConfig.PortBindings ?? {};
      return Object.values(bindings).some((list) => list?.some(({ HostPort }) => Number(HostPort) === port));
    }),
  );
  return found.includes(true);
}
