import type Docker from "dockerode";
import { isNotFound } from "../../lib/docker/docker-client.ts";

/**
 * The labels that a container got when it was created. Labels that come from its image are left out: anyone who
 * publishes an image chooses them, and Docker shows both kinds as one list. Where the image cannot be looked at,
 * there are none.
 */
export async function givenLabels(
  docker: Docker,
  { Labels, ImageID }: Pick<Docker.ContainerInfo, "Labels" | "ImageID">,
): Promise<Record<string, string>> {
  try {
    const { Config } = await docker.getImage(ImageID).inspect();
    const inherited: Record<string, string> = Config.Labels ?? {};
    return Object.fromEntries(Object.entries(Labels).filter(([key, value]) => inherited[key] !== value));
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}
