import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface RegistryUser {
  name: string;
  password: pulumi.Input<string>;
}

/**
 * The `auth` of a `docker.Service` whose image is in a registry with users: the manager hands these credentials to every node
 * that pulls, as `docker service create --with-registry-auth` does. Docker keeps them with the service: a new password needs
 * `auth` again, and the provider replaces the service for it.
 *
 * @param place the registry as it stands in the image's name, for example `registry.example.com:5000`
 */
export function registryAuth(place: string, { name, password }: RegistryUser): docker.types.input.ServiceAuth {
  return { serverAddress: place, username: name, password: pulumi.secret(password) };
}
