import type Docker from "dockerode";
import { isNotFound } from "../../lib/docker/docker-client.ts";
import type { StackResource } from "../engines/engine.ts";

/** How an object of a type is looked up, and what says that it is of no use as it is; undefined: it is there and runs. */
const lookups: Record<string, (docker: Docker, resource: StackResource) => Promise<string | undefined>> = {
  async "docker:index/container:Container"(docker, { id = "", inputs }) {
    const { State } = await docker.getContainer(id).inspect();
    return State.Running || inputs?.mustRun === false ? undefined : `has stopped (${State.Status})`;
  },
  async "docker:index/service:Service"(docker, { id = "" }) {
    const { Spec } = (await docker.getService(id).inspect()) as { Spec?: Docker.ServiceSpec };
    // The settings ask for one at least: somebody scaled it.
    return Spec?.Mode?.Replicated?.Replicas === 0 ? "was scaled to 0 tasks" : undefined;
  },
  async "docker:index/network:Network"(docker, { id = "" }) {
    await docker.getNetwork(id).inspect();
    return undefined;
  },
  async "docker:index/volume:Volume"(docker, { id = "" }) {
    await docker.getVolume(id).inspect();
    return undefined;
  },
};

/**
 * The containers, services, networks and volumes of a stack that are gone, or do not run, although the state has them: an engine notices
 * that only at a refresh.
 *
 * @returns what is wrong, one line for each: `container registry is gone`
 */
export async function missingObjects(docker: Docker, resources: StackResource[]): Promise<string[]> {
  const found = await Promise.all(
    resources.map(async (resource) => {
      const lookup = lookups[resource.type];
      // One that a replacement left for later is none of what has to run.
      if (!lookup || !resource.id || resource.external || resource.delete) return [];
      const kind = resource.type.replace(/^docker:index\/(\w+):.*$/, "$1");
      const of = (state: string) => [`${kind} ${String(resource.outputs?.name ?? resource.id)} ${state}`];
      try {
        const state = await lookup(docker, resource);
        return state === undefined ? [] : of(state);
      } catch (error) {
        // What can't be asked now is reported by the step that needs an answer.
        return isNotFound(error) ? of("is gone") : [];
      }
    }),
  );
  return found.flat();
}
