import { tasksOf } from "../../../engine/docker/service/tasks.ts";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { type Check, skipped } from "../check.ts";
import { searchForSecrets } from "../search-for-secrets.ts";

/** Anyone who may ask a manager learns no secret from the service, its tasks, its configs, or what its secrets are called. */
export const noSecretInService: Check = {
  name: "no secret in docker service inspect",
  needs: () => [],
  async run({ target }) {
    const { service } = target;
    if (!service) return skipped("the registry is no service");
    const docker = dockerClient(service.docker);
    return await searchForSecrets(target, "the service", async () => ({
      service: await docker.getService(service.id).inspect(),
      tasks: await tasksOf(docker, service.id),
      configs: (await docker.listConfigs()).map(({ Spec }) => decoded(Spec)),
      secrets: await docker.listSecrets(),
    }));
  },
};

/** A config's content comes in base64, where a secret that starts anywhere else than at its beginning looks different. */
function decoded(spec: { Data?: string } | undefined): object {
  return { ...spec, Data: Buffer.from(spec?.Data ?? "", "base64").toString() };
}
