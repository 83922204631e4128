import { createServer } from "node:net";
import { dockerClient } from "../components/docker-host/docker-client.ts";
import { dockerHostText } from "../components/docker-host/docker-host.ts";
import type { Problem } from "../components/validation/describe-issues.ts";
import { isLoopback } from "./host-name.ts";
import type { Settings } from "./settings.ts";

/** Looks at the Docker host before anything is touched: does it answer, and is the port free or ours? */
export async function checkHost(settings: Settings): Promise<Problem[]> {
  const { docker, name, port } = settings;
  try {
    const containers = await dockerClient(docker).listContainers({ filters: { publish: [`${port}/tcp`] } });
    const others = containers.filter((container) => !container.Names.includes(`/${name}`));
    const owner = others[0]?.Names[0]?.slice(1);
    if (owner) return [portTaken(port, `container ${owner}`)];
    const ours = containers.length > 0;
    const remote = !/^(unix|npipe):/.test(dockerHostText(docker));
    return ours || remote || (await isFree(settings)) ? [] : [portTaken(port, "another program on this machine")];
  } catch (error) {
    return [
      {
        path: "docker.url",
        reason: `${dockerHostText(docker)} does not answer (${(error as Error).message}). Start Docker there, or "npm run up" to have it installed and started here.`,
      },
    ];
  }
}

function portTaken(port: number, owner: string): Problem {
  return { path: "port", reason: `is ${port}, which ${owner} uses already. Choose another port, or stop it.` };
}

/** Whether this machine's port can be bound. */
function isFree({ port, address, hosts }: Settings): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: address ?? (hosts.every(isLoopback) ? "127.0.0.1" : "0.0.0.0"), exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
