import { isBucket } from "../resources/buckets.ts";
import type { RegistryOfStack } from "../resources/registries.ts";
import { registriesOf } from "../resources/registries.ts";
import type { Resource } from "../resources/resource.ts";
import type { Finding, StackRule } from "../resources/rule.ts";
import { unknown } from "../resources/value.ts";

/**
 * A teardown keeps the images, except those of a pull-through cache, which its upstream has. Policies are not told of `retainOnDelete`: who uses it says so in outputs of the stack or of a
 * component, as the kit does: `volume`, the name, and `volumeKept: true`.
 */
export const dataRetained: StackRule = {
  name: "data-retained",
  description: "Images must outlive the container and a teardown of the stack.",
  level: "mandatory",
  checkStack: (resources) => [
    ...registriesOf(resources).flatMap((registry) => registryFindings(registry, resources)),
    ...resources
      .filter((resource) => isBucket(resource) && resource.properties.forceDestroy === true)
      .map(({ urn }) => ({ urn, message: "forceDestroy deletes every object with the bucket. Leave it out." })),
  ],
};

function registryFindings({ workload, settings }: RegistryOfStack, resources: Resource[]): Finding[] {
  const { urn } = workload;
  if (settings.sharedStorage || settings.cache) return [];
  const mount = workload.mounts.find(({ target }) => "/var/lib/registry".startsWith(target) && target !== "");
  if (!mount) {
    if (settings.sharedStorage === undefined) return [];
    return [
      { urn, message: "Images are in the container itself and go with it. Mount a volume at /var/lib/registry." },
    ];
  }
  if (mount.type === "tmpfs" || (mount.type === "volume" && !mount.source)) {
    return [
      { urn, message: `Images are in a ${mount.type === "tmpfs" ? "tmpfs" : "volume without a name"}. Name a volume.` },
    ];
  }
  if (mount.type !== "volume" || mount.source === unknown) return [];
  const volume = resources.find(
    ({ type, properties }) => type === "docker:index/volume:Volume" && properties.name === mount.source,
  );
  if (!volume || volume.protect || isSaidToBeKept(String(mount.source), resources)) return [];
  return [
    {
      urn: volume.urn,
      message:
        "The stack makes this volume of images and deletes it. Set protect, or keep it (in the kit: storage.volume.keep).",
    },
  ];
}

function isSaidToBeKept(name: string, resources: Resource[]): boolean {
  return resources.some(({ properties: { volume, volumeKept } }) => volume === name && volumeKept === true);
}
