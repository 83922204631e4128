import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { type Check, skipped } from "../check.ts";
import { searchForSecrets } from "../search-for-secrets.ts";

/** Anyone who may run `docker inspect` learns no password, key or hash: environment, command, labels, mounts, everything. */
export const noSecretInInspect: Check = {
  name: "no secret in docker inspect",
  needs: () => [],
  async run({ target }) {
    if (!target.container) return skipped("no container known that could be inspected");
    const { id, docker } = target.container;
    return await searchForSecrets(target, "the container", () => dockerClient(docker).getContainer(id).inspect());
  },
};
