import { dockerClient } from "../components/docker-host/docker-client.ts";
import { registryLabel } from "../components/registry/layout.ts";
import type { DockerService } from "../engine/docker/service/docker-service.ts";
import { tasksOf } from "../engine/docker/service/tasks.ts";
import { stackLabel } from "../stacks/stack-label.ts";
import type { StackFile } from "./stack-file.ts";
import { report } from "./terminal.ts";

/** Reports what the tasks of a stack's service say: where an `up` fails, Pulumi's own Docker plugin names a task, but not its error. */
export async function explainFailedService(stackFile: StackFile, stack: string): Promise<void> {
  if (stackFile.get(["service"]) === undefined) return;
  const docker = dockerClient(stackFile.early().docker);
  // Whatever keeps this from being told has been told by the engine.
  const services = (await docker.listServices().catch(() => [])) as unknown as DockerService[];
  const service = services.find(({ Spec: { Labels = {} } }) => registryLabel in Labels && Labels[stackLabel] === stack);
  if (!service) return;
  const tasks = await tasksOf(docker, service.ID);
  const errors = [...new Set(tasks.flatMap(({ Status }) => Status.Err ?? []))].slice(0, 3);
  for (const error of errors) report(`Service ${service.Spec.Name}: a task said: ${error}`);
}
