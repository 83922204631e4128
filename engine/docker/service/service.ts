import type Docker from "dockerode";
import { attempt, orMissing } from "../../../lib/docker/docker-error.ts";
import { isObject, type PropertyMap } from "../../../lib/protocol/property-value.ts";
import { objectOf, objectsOf, textOf } from "../../../lib/protocol/values.ts";
import { nanoseconds } from "../../../lib/time/go-duration.ts";
import { waitUntil } from "../../../lib/time/wait-until.ts";
import type { Credentials } from "../common/registry-auth.ts";
import type { ResourceType, Session } from "../common/resource-type.ts";
import { type ConvergeLimits, converge } from "./converge.ts";
import type { DockerService } from "./docker-service.ts";
import { serviceFields } from "./service-fields.ts";
import { serviceOutputs } from "./service-outputs.ts";
import { serviceSpec } from "./service-spec.ts";
import { tasksOf } from "./tasks.ts";

/**
 * `docker:index/service:Service`: a service of the swarm. Its id is Docker's. A change of name, mode or auth, and of
 * a few inner inputs, replaces it; all else is a rolling update.
 * With `convergeConfig` creation and update wait for the tasks. A new service that does not converge is removed
 * again; an update that does not is a partial failure. Without it both end as soon as the swarm took the order.
 */
export const service: ResourceType = {
  token: "docker:index/service:Service",
  inputs: serviceFields,
  computedOutputs: [],
  autoName: true,
  deleteBeforeReplace: "if named",
  problems,

  async create(session, inputs) {
    const { docker } = session;
    const name = textOf(inputs.name) ?? "";
    const auth = authOf(session, inputs) ?? {};
    const { id } = await attempt(`create the service "${name}"`, () =>
      docker.createService(auth as Docker.AuthConfig, serviceSpec(inputs)),
    );
    const limits = limitsOf(inputs);
    if (!limits) return id;
    try {
      await converge(docker, id, limits);
    } catch (error) {
      await remove(docker, id, inputs);
      throw error;
    }
    return id;
  },

  async read({ docker }, id, known) {
    const found = await attempt(`inspect the service "${id}"`, () => inspect(docker, id));
    if (!found) return undefined;
    const outputs = serviceOutputs(found);
    await useKnownNames(docker, outputs, known);
    return { id: found.ID, outputs };
  },

  async update(session, id, inputs) {
    const { docker } = session;
    const name = textOf(inputs.name) ?? id;
    await attempt(`update the service "${name}"`, async () => {
      const current = await inspect(docker, id);
      if (!current) throw new Error("it is gone");
      const parts = { _query: { version: current.Version.Index }, _body: serviceSpec(inputs) };
      await (docker.getService(id) as unknown as Updatable).update(authOf(session, inputs) ?? {}, parts);
    });
    const limits = limitsOf(inputs);
    if (limits) await converge(docker, id, limits);
  },

  async delete({ docker }, id, known) {
    await attempt(`delete the service "${textOf(known.name) ?? id}"`, () => remove(docker, id, known));
  },

  async find({ docker }, inputs) {
    const found = await inspect(docker, textOf(inputs.name) ?? "");
    return found && { id: found.ID, createdAt: new Date(found.CreatedAt), isHalfMade: false };
  },
};

/** What dockerode can do and its types do not say: credentials, and query and body apart. */
interface Updatable {
  update(auth: object, parts: { _query: object; _body: object }): Promise<unknown>;
}

function problems(inputs: PropertyMap): { property: string; reason: string }[] {
  const mode = objectOf(inputs.mode);
  const found: { property: string; reason: string }[] = [];
  const together = (one: string, other: string) =>
    found.push(
      { property: one, reason: `cannot be given together with ${other}` },
      { property: other, reason: `cannot be given together with ${one}` },
    );
  if (mode?.global !== undefined && mode.replicated !== undefined) together("mode.global", "mode.replicated");
  if (mode?.global !== undefined && inputs.convergeConfig !== undefined) together("mode.global", "convergeConfig");
  const networks = objectsOf(objectOf(inputs.taskSpec)?.networksAdvanceds);
  networks.forEach((network, index) => {
    if (textOf(network.id) || textOf(network.name)) return;
    found.push({ property: `taskSpec.networksAdvanceds[${index}]`, reason: "needs an id or a name" });
  });
  return found;
}

/** `convergeConfig`: `timeout` bounds the wait, `delay` the pause between two looks (at most a second). */
function limitsOf(inputs: PropertyMap): ConvergeLimits | undefined {
  const config = objectOf(inputs.convergeConfig);
  if (!config) return undefined;
  const milliseconds = (text: string | undefined) => nanoseconds(text) / 1e6;
  const timeout = textOf(config.timeout) ?? "3m";
  return {
    within: milliseconds(timeout),
    every: Math.min(1000, milliseconds(textOf(config.delay) ?? "1s")),
    text: `${timeout} (convergeConfig.timeout)`,
  };
}

async function inspect(docker: Docker, id: string): Promise<DockerService | undefined> {
  return (await orMissing(docker.getService(id).inspect())) as DockerService | undefined;
}

/** The credentials that the agents pull with: the service's own, else the provider's for the image's registry. */
function authOf({ registryAuth }: Session, inputs: PropertyMap): Credentials | undefined {
  const auth = objectOf(inputs.auth);
  const image = textOf(objectOf(objectOf(inputs.taskSpec)?.containerSpec)?.image) ?? "";
  if (!auth) return registryAuth(image);
  const username = textOf(auth.username) || process.env.DOCKER_REGISTRY_USER || "";
  const password = textOf(auth.password) || process.env.DOCKER_REGISTRY_PASS || "";
  return { username, password, serveraddress: textOf(auth.serverAddress) ?? "" };
}

/** Removes a service; with a `stopGracePeriod` waits that long, and ten seconds more, for its tasks to go. */
async function remove(docker: Docker, id: string, known: PropertyMap): Promise<void> {
  await orMissing(docker.getService(id).remove());
  const grace = nanoseconds(textOf(objectOf(objectOf(known.taskSpec)?.containerSpec)?.stopGracePeriod)) / 1e6;
  if (grace <= 0) return;
  const gone = async () => ((await tasksOf(docker, id)).length === 0 ? true : undefined);
  await waitUntil(gone, { within: grace + 10_000, every: 500 });
}

/**
 * Docker answers with ids of networks and may pin the image by digest, where the inputs named them otherwise: what
 * is still the same keeps the name it was given.
 */
async function useKnownNames(docker: Docker, outputs: PropertyMap, known: PropertyMap): Promise<void> {
  const task = objectOf(outputs.taskSpec);
  const knownTask = objectOf(known.taskSpec);
  const container = objectOf(task?.containerSpec);
  const image = textOf(container?.image) ?? "";
  const knownImage = textOf(objectOf(knownTask?.containerSpec)?.image);
  if (container && knownImage && !knownImage.includes("@") && image.startsWith(`${knownImage}@`)) {
    container.image = knownImage;
  }
  if (!task || !Array.isArray(task.networksAdvanceds)) return;
  const names = new Map<string, PropertyMap>();
  for (const network of objectsOf(knownTask?.networksAdvanceds)) {
    const reference = textOf(network.id) || textOf(network.name) || "";
    const found = await orMissing(docker.getNetwork(reference).inspect());
    const key = textOf(network.id) ? "id" : "name";
    if (found) names.set(found.Id, { [key]: reference });
  }
  task.networksAdvanceds = task.networksAdvanceds.filter(isObject).map(({ id, ...network }) => ({
    ...network,
    ...(names.get(String(id)) ?? { id: id ?? "" }),
  }));
}
