import { dockerClient } from "../../../components/docker-host/docker-client.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { messageOf } from "../explain-daemon-error.ts";
import { findSecrets, isTooShort } from "../find-secrets.ts";

/** Whoever may run `docker inspect` learns no password, key or hash: environment, command, labels, mounts, everything. */
export const noSecretInInspect: Check = {
  name: "no secret in docker inspect",
  needs: () => [],
  async run({ target }) {
    if (!target.container) return skipped("no container known that could be inspected");
    const secrets = [...new Set([...target.secrets, ...target.users.map(({ password }) => password)])];
    if (secrets.length === 0) return skipped("no secret known that could be looked for");
    // As HTTP clients send them: in base64 together with the name.
    const credentials = target.users.map(({ name, password }) => `${name}:${password}`);
    let document: unknown;
    try {
      document = await dockerClient(target.container.docker).getContainer(target.container.id).inspect();
    } catch (error) {
      return failed(`the container cannot be inspected: ${messageOf(error)}`);
    }
    const places = findSecrets(document, [...secrets, ...credentials]);
    if (places.length > 0) {
      return failed(`a secret is readable at ${places.join(", ")}; hand it over in a file (upload or Docker secret)`);
    }
    const short = secrets.filter(isTooShort).length;
    const passedOver = short > 0 ? ` (${short} too short to be looked for)` : "";
    return passed(`none of ${secrets.length} secrets readable${passedOver}`);
  },
};
