import { createInterface } from "node:readline";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { messageOf } from "../explain-daemon-error.ts";
import type { ProofTarget } from "../proof-target.ts";
import { readContainerLog } from "../read-container-log.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";

/** What Distribution logs when it finds no htpasswd file (registry/auth/htpasswd/access.go). */
const logMessage = "htpasswd is missing, provisioning with default user";

/**
 * Distribution makes a user `docker` and logs its password when its htpasswd file is missing. Looks for that line, and
 * tries the password in it: where the right file came later, the self-made user is gone.
 */
export const noSelfMadeUser: Check = {
  name: 'no self-made user "docker"',
  needs: ({ api }) => [answers.name, certificateOf(api.host)],
  async run({ api, target }, signal) {
    if (!target.container) return skipped("no container known whose log could be read");
    let passwords: string[];
    try {
      passwords = await loggedPasswords(target.container, signal);
    } catch (error) {
      signal.throwIfAborted();
      return skipped(`the container's log cannot be read: ${messageOf(error)}`);
    }
    if (passwords.length === 0) return passed("no such line in the container's log");
    for (const password of passwords) {
      const user = { name: "docker", password };
      const { status } = await requestRegistry(api, { method: "GET", path: "/v2/", user }, signal);
      if (status !== 401) {
        return failed(
          `the registry found no htpasswd file, made a user "docker" and logged its password, which works (${status}); ` +
            "put the htpasswd file in its place before the registry starts, and make the container again",
        );
      }
    }
    return passed("the registry once made one for want of an htpasswd file; its password is refused now (401)");
  },
};

async function loggedPasswords(
  { id, docker }: NonNullable<ProofTarget["container"]>,
  signal: AbortSignal,
): Promise<string[]> {
  const log = await readContainerLog(dockerClient(docker).getContainer(id), { signal });
  const passwords = new Set<string>();
  for await (const line of createInterface({ input: log })) {
    if (line.includes(logMessage)) passwords.add(/password"?[=:]"?([\w-]+)/.exec(line)?.[1] ?? "");
  }
  return [...passwords];
}
