import type Docker from "dockerode";
import { registryLabel } from "../../components/files/layout.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";
import { stackLabel } from "../throw-away/stack-label.ts";
import { stackNetworkName } from "./stack-network-name.ts";

/** Networks that the containers of a stack are to join, or to have as their own: are they there, theirs, and fit for it? */
export async function networkProblems(settings: Settings, stack: string, client: Docker): Promise<Problem[]> {
  const { container, service, registry } = settings;
  if (service && registry !== "none") return [];
  const found = await client.listNetworks();
  const wanted = container?.networks ?? [];
  const own = stackNetworkName(settings);
  const joined = wanted.flatMap((name) => {
    const reason = joinProblem(
      name,
      found.find(({ Name }) => Name === name),
    );
    return reason ? [{ path: "container.networks", reason: `names ${name}, ${reason}` }] : [];
  });
  const isMade = container?.network === "own" || (!container?.network && !(await staysOnBridge(client, stack, own)));
  const taken = isMade ? found.find(({ Name }) => Name === own) : undefined;
  const { [stackLabel]: owner, [registryLabel]: name } = taken?.Labels ?? {};
  if (!taken || (owner === stack && name === settings.name)) return joined;
  const whose = owner ? `stack "${owner}" has` : "the kit did not make";
  const reason = `is ${settings.name}, and there is a network ${own} that ${whose}. Choose another name, or remove that network.`;
  return [...joined, { path: "name", reason }];
}

/** Whether the stack runs without a network of its own, as a release up to 0.1 made it: then it gets none. */
async function staysOnBridge(client: Docker, stack: string, own: string): Promise<boolean> {
  const filters = { label: [registryLabel, `${stackLabel}=${stack}`] };
  const containers = await client.listContainers({ all: true, filters });
  return containers.some(({ NetworkSettings }) => !Object.hasOwn(NetworkSettings.Networks, own));
}

function joinProblem(name: string, network: Docker.NetworkInspectInfo | undefined): string | undefined {
  if (["host", "none"].includes(name)) return "which is not a network to join: it replaces the container's own.";
  if (name === "bridge")
    return "which every container is on that names no other: set container.network to bridge instead.";
  if (!network) return `and there is no such network. Type: docker network create ${name}`;
  if (network.Ingress) return "which is the swarm's own.";
  if (network.Scope === "swarm" && !network.Attachable) {
    return `which only services may join. Type: docker network create --driver overlay --attachable ${name} (another name, or remove the old one)`;
  }
  return undefined;
}
