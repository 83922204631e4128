import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import type { EngineName } from "../../scripts/engines/engine-name.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { DockerSwarm, SwarmRole } from "../support/docker-swarm.ts";
import { startSwarm } from "../support/docker-swarm.ts";
import type { NetworkClient } from "../support/network-client.ts";
import { networkClient } from "../support/network-client.ts";
import { poll } from "../support/poll.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import type { ApiClient } from "../support/registry-api.ts";

/** A swarm of real nodes; on its first one a user works with a copy of the project. */
export interface RegistrySwarm<Roles extends readonly SwarmRole[]> extends DockerSwarm<Roles> {
  copy: ProjectCopy;
  /** At the switch: no node of the swarm. */
  client: NetworkClient;
  /** Changes settings, brings the stack up without the proof, and expects success. */
  up(settings?: Record<string, unknown>): Promise<void>;
  /** PEM of the authority. */
  authority(): Promise<string>;
  /** How {@link user} reaches the registry from the switch, on these nodes in turns. A dead node does not answer for seconds. */
  api(...nodes: DockerNode[]): Promise<ApiClient>;
  /** The docker command of somebody on a node with credentials of their own; any outcome is an answer. */
  docker(node: DockerNode, ...arguments_: string[]): Promise<{ failed: boolean; text: string }>;
}

export const host = "registry.test";
export const port = 5000;
export const place = `${host}:${port}`;
export const user = { name: "moby", password: "moby's password" };

export interface RegistrySwarmOptions<Roles extends readonly ["manager", ...SwarmRole[]]> {
  roles: Roles;
  engine: EngineName;
  /** Settings beside hosts, port and users. */
  settings(swarm: DockerSwarm<Roles>): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Starts the swarm and brings the stack up. Every node knows the registry's name, for all nodes in turns. */
export async function startRegistrySwarm<const Roles extends readonly ["manager", ...SwarmRole[]]>({
  roles,
  engine,
  settings,
}: RegistrySwarmOptions<Roles>): Promise<RegistrySwarm<Roles>> {
  await using stack = new AsyncDisposableStack();
  const swarm = stack.use(await startSwarm(roles, { names: { [host]: roles.map((_, index) => index + 1) } }));
  const nodes = swarm.nodes as DockerNode[];
  const [first] = nodes as [DockerNode];
  const client = stack.use(await networkClient(swarm.network));
  const addresses = nodes.map(({ address }) => address);
  const copy = stack.use(
    await ProjectCopy.make({
      engine,
      stack: "swarm",
      node: first,
      settings: {
        docker: { url: `unix://${first.socket}` },
        hosts: [host, ...addresses],
        port,
        users: { [user.name]: { password: user.password, cost: 4 } },
        trust: "local",
        ...(await settings(swarm)),
      },
    }),
  );
  const registry: RegistrySwarm<Roles> = {
    ...swarm,
    copy,
    client,
    async up(changes = {}) {
      copy.change(changes);
      const { exitCode, all } = await copy.run("up", ["--no-verify"]);
      expect(exitCode, all).toBe(0);
    },
    authority: async () => ((await copy.outputs()) as { caCertificate: string }).caCertificate,
    async api(...some) {
      return {
        curl: client.curl,
        places: some.map(({ address }) => `https://${address}:${port}`),
        options: { authority: await registry.authority(), user: `${user.name}:${user.password}`, timeout: 2_000 },
      };
    },
    docker: (node, ...arguments_) =>
      node.docker("--config", userFolder(node.folder), ...arguments_).then(
        (text) => ({ failed: false, text }),
        (error: { message: string }) => ({ failed: true, text: error.message }),
      ),
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  };
  await registry.up();
  const made = stack.move();
  return registry;
}

/** The nodes that run a task of a service, as the manager knows. */
export async function nodesWithTasks(manager: DockerNode, service: string, nodes: DockerNode[]): Promise<DockerNode[]> {
  const filters = ["--filter", "desired-state=running", "--format", "{{.Node}} {{.CurrentState}}"];
  const lines = (await manager.docker("service", "ps", service, ...filters)).split("\n");
  return nodes.filter(({ name }) => lines.some((line) => line.startsWith(`${name} Running`)));
}

/** Waits until so many tasks of a service run, and returns their nodes. */
export async function awaitTasks(
  manager: DockerNode,
  service: string,
  nodes: DockerNode[],
  count: number,
  deadline = 60_000,
): Promise<DockerNode[]> {
  return await poll(
    `${count} tasks of ${service} run`,
    async () => {
      const running = await nodesWithTasks(manager, service, nodes);
      if (running.length === count) return running;
      throw new Error(await manager.docker("service", "ps", "--no-trunc", service));
    },
    { deadline, pause: 250 },
  );
}

/** Logs a node's user in, with the password from standard input. */
export async function login({ socket, folder }: DockerNode): Promise<void> {
  const command = ["--host", `unix://${socket}`, "--config", userFolder(folder), "login", place];
  const { exitCode, all } = await execa("docker", [...command, "--username", user.name, "--password-stdin"], {
    input: user.password,
    all: true,
    reject: false,
    timeout: 30_000,
  });
  expect(exitCode, all).toBe(0);
}

function userFolder(node: string): string {
  return join(node, "user");
}
