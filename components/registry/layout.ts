/** Where things are in the registry's image; source: the Dockerfile of distribution 3. */
export const configurationFolder = "/etc/distribution";
export const storageFolder = "/var/lib/registry";
export const configurationFile = `${configurationFolder}/config.yml`;
/** The port inside the container. */
export const registryPort = 5000;
