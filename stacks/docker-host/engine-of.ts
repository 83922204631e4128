import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { Settings } from "../settings/settings.ts";

/** The Docker engine of a stack, as its resources record it: where it is, and not what was said of the way there. */
export function engineOf({ docker: { insecure, ...host } }: Pick<Settings, "docker">): DockerHost {
  return host;
}
