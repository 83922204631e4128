/** The variable that lets a preview do without a Docker host, for machines that deploy nothing themselves (CI). */
export const assumeDockerVariable = "REGISTRY_KIT_ASSUME_DOCKER";
