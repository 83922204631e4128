import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lib/validation/describe-issues.ts";
import { assumeDockerVariable } from "./docker-host/assume-docker.ts";
import { checkHost } from "./preflight.ts";
import type { Settings } from "./settings/settings.ts";

/**
 * Looks at the Docker host. A preview with {@link assumeDockerVariable} `true` takes one that does not answer, or manages no swarm
 * where a service needs one, to be there, with the container's name, the port and the volume free or this stack's own, and says so.
 */
export async function lookAtHost(settings: Settings, stack: string): Promise<Problem[]> {
  const problems = await checkHost(settings, stack);
  const [problem] = problems;
  if (
    problems.length > 1 ||
    !["docker.url", "DOCKER_HOST"].includes(problem?.path ?? "") ||
    !pulumi.runtime.isDryRun() ||
    process.env[assumeDockerVariable] !== "true"
  )
    return problems;
  const host = / does not answer /.test(problem?.reason ?? "")
    ? "No Docker host answered this preview."
    : `The Docker host of this preview ${problem?.reason}`;
  pulumi.log.warn(
    `${host} Assumed: it is there, and port ${settings.port} and the names are free or this stack's own.`,
  );
  return [];
}
