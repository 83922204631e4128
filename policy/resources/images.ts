import { isRegistryImage } from "./image-reference.ts";
import type { Resource } from "./resource.ts";
import { isRegistry, workloadOf } from "./workload.ts";

/** The registry images that a resource names; an id of the engine is no name. */
export function imagesOf(resource: Resource): string[] {
  const image = imageOf(resource);
  return typeof image === "string" && image !== "" && !image.startsWith("sha256:") ? [image] : [];
}

function imageOf(resource: Resource) {
  const workload = workloadOf(resource);
  if (workload) return isRegistry(workload) ? workload.image : undefined;
  const { name } = resource.properties;
  const pulled = resource.type === "docker:index/remoteImage:RemoteImage";
  return pulled && typeof name === "string" && isRegistryImage(name) ? name : undefined;
}
