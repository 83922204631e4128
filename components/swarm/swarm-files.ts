import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ContentName } from "./content-name.ts";
import { swarmFileContent } from "./swarm-file-content.ts";

/** A secret or config of the swarm, and the file that it becomes in the containers. */
export interface SwarmFile {
  id: pulumi.Input<string>;
  name: pulumi.Input<string>;
  file: string;
}

export interface SwarmFileArgs {
  /** The service that reads it; the name of the secret or config begins with it. */
  service: pulumi.Input<string>;
  /** A plain name in `/run/secrets`, or an absolute path. */
  file: string;
  content: pulumi.Input<string>;
}

/** Made before the service moves to it; the one that it replaces goes after, as what is in use can't be removed. */
const replacedAfterwards = { deleteBeforeReplace: false };

/** A file as a swarm secret with a name from its content. */
export function swarmSecret(
  name: string,
  { service, file, content: given }: SwarmFileArgs,
  opts: pulumi.CustomResourceOptions,
): SwarmFile {
  const content = swarmFileContent(file, pulumi.secret(given));
  const naming = new ContentName(`${name}-name`, { prefix: pulumi.interpolate`${service}-${file}`, content }, opts);
  const data = content.apply((text) => Buffer.from(text).toString("base64"));
  const secret = new docker.Secret(name, { name: naming.value, data }, { ...opts, ...replacedAfterwards });
  return { id: secret.id, name: secret.name, file };
}

/** A public file as a swarm config with a name from its content. */
export function swarmConfig(
  name: string,
  { service, file, content: given }: SwarmFileArgs,
  opts: pulumi.CustomResourceOptions,
): SwarmFile {
  const content = swarmFileContent(file, given);
  const prefix = pulumi.interpolate`${service}${file.replaceAll(/[^\w.-]/g, "-")}`;
  const naming = new ContentName(`${name}-name`, { prefix, content }, opts);
  const args = { name: naming.value, dataRaw: content };
  const config = new docker.ServiceConfig(name, args, { ...opts, ...replacedAfterwards });
  return { id: config.id, name: config.name, file };
}
