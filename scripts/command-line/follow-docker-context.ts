import { activeContext, type DockerContext, DockerContextError } from "../../lib/docker/docker-context.ts";

/**
 * Leads this process, and all that it starts, to the engine of the active Docker context: Pulumi's own Docker plugin knows
 * DOCKER_HOST and DOCKER_CERT_PATH, and nothing of the docker command's config.json. A context that cannot be followed stays as it
 * is: the Docker client refuses it (lib/docker/docker-client.ts), and what needs no Docker, or has docker.url, goes on.
 */
export function followDockerContext(environment: NodeJS.ProcessEnv = process.env): void {
  let context: DockerContext | undefined;
  try {
    context = activeContext(environment);
  } catch (error) {
    if (error instanceof DockerContextError) return;
    throw error;
  }
  // The plugin would put it before the engine that the settings name.
  delete environment.DOCKER_CONTEXT;
  if (!context) return;
  environment.DOCKER_HOST = context.host;
  if (context.certPath) environment.DOCKER_CERT_PATH = context.certPath;
}
