import { dockerClient } from "../../components/docker-host/docker-client.ts";

/** Whether tests can use the local Docker engine; `text` goes into the name of a suite, so that a skip says why. */
export interface EngineAvailability {
  /** Why not; undefined: it can be used. */
  reason: string | undefined;
  text: string;
}

/** Looks for a Docker engine that answers and holds the image. */
export async function engineOrReason(image: string): Promise<EngineAvailability> {
  const reason = await findReason(image);
  return { reason, text: reason ? ` (skipped: ${reason})` : "" };
}

async function findReason(image: string): Promise<string | undefined> {
  const docker = dockerClient({});
  try {
    await docker.ping();
  } catch {
    return "no Docker engine answers";
  }
  return await docker
    .getImage(image)
    .inspect()
    .then(() => undefined)
    .catch(() => `the Docker engine has no image ${image}`);
}
