/** Where things are in the registry's image; source: the Dockerfile of distribution 3. */
export const configurationFolder = "/etc/distribution";
export const storageFolder = "/var/lib/registry";
export const configurationFile = `${configurationFolder}/config.yml`;
/** Name of the file with the authorities of the object store, where it has its own. */
export const storeAuthorityName = "store-ca.crt";
/** The port inside the container. */
export const registryPort = 5000;
/** The label of every registry's container; its value is the container's name. */
export const registryLabel = "io.registry-kit.registry";
/** The label that says where a registry's images are, when that is outside of its Docker host. */
export const storeLabel = "io.registry-kit.store";

/** Name of the volume with the configuration of a container. */
export function filesVolumeName(container: string): string {
  return `${container}-files`;
}
