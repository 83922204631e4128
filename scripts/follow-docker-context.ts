import { activeContext } from "../components/docker-host/docker-context.ts";

/**
 * Leads this process, and all that it starts, to the engine of the active Docker context: Pulumi's own Docker plugin knows
 * DOCKER_HOST and DOCKER_CERT_PATH, and nothing of the docker command's config.json.
 *
 * @throws where the context does not exist, or cannot be followed
 */
export function followDockerContext(environment: NodeJS.ProcessEnv = process.env): void {
  const context = activeContext(environment);
  // The plugin would put it before the engine that the settings name.
  delete environment.DOCKER_CONTEXT;
  if (!context) return;
  environment.DOCKER_HOST = context.host;
  if (context.certPath) environment.DOCKER_CERT_PATH = context.certPath;
}
