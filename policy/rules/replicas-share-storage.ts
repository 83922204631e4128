import type { RegistryOfStack } from "../resources/registries.ts";
import { registriesOf } from "../resources/registries.ts";
import type { StackRule } from "../resources/rule.ts";
import { at } from "../resources/value.ts";

/** Source: measured with two replicas on one volume, which lost uploads; Distribution's documentation asks for the same. */
export const replicasShareStorage: StackRule = {
  name: "replicas-share-storage",
  description:
    "Replicas of a registry need object storage and one http.secret: otherwise uploads that change replicas are lost.",
  level: "mandatory",
  checkStack: (resources) =>
    registriesOf(resources)
      .filter(hasReplicas)
      .flatMap(({ workload, settings: { sharedStorage, httpSecret } }) => [
        ...(onVolume(workload) || sharedStorage === false
          ? [
              {
                urn: workload.urn,
                message: "Its replicas do not share object storage. Use S3 or the like, or one replica.",
              },
            ]
          : []),
        ...(httpSecret === false
          ? [
              {
                urn: workload.urn,
                message: "Its replicas have no http.secret in common. Set http.secret in config.yml.",
              },
            ]
          : []),
      ]),
};

function hasReplicas({ resource: { properties } }: RegistryOfStack): boolean {
  const replicas = at(properties, "mode", "replicated", "replicas");
  return at(properties, "mode", "global") === true || (typeof replicas === "number" && replicas > 1);
}

function onVolume({ mounts }: RegistryOfStack["workload"]): boolean {
  return mounts.some(({ target }) => target === "/var/lib/registry");
}
