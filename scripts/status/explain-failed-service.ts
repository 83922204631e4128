import { registryLabel } from "../../components/files/layout.ts";
import type { DockerService } from "../../engine/docker/service/docker-service.ts";
import { tasksOf } from "../../engine/docker/service/tasks.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { stackLabel } from "../../stacks/throw-away/stack-label.ts";
import type { SettingsFile } from "../project/settings-file.ts";
import { report } from "../terminal/terminal.ts";

/** Reports what the tasks of a stack's service say: where an `up` fails, Pulumi's own Docker plugin names a task, but not its error. */
export async function explainFailedService(settingsFile: SettingsFile, stack: string): Promise<void> {
  if (settingsFile.get(["service"]) === undefined) return;
  const docker = dockerClient(settingsFile.early().docker);
  // Whatever keeps this from being told has been told by the engine.
  const services = (await docker.listServices().catch(() => [])) as unknown as DockerService[];
  const service = services.find(({ Spec: { Labels = {} } }) => registryLabel in Labels && Labels[stackLabel] === stack);
  if (!service) return;
  const tasks = await tasksOf(docker, service.ID);
  const errors = [...new Set(tasks.flatMap(({ Status }) => Status.Err ?? []))].slice(0, 3);
  for (const error of errors) report(`Service ${service.Spec.Name}: a task said: ${error}`);
}
