import { type Check, failed, passed, skipped } from "../check.ts";
import { pullImage } from "../daemon-images.ts";
import { explainDaemonError } from "../explain-daemon-error.ts";
import { certificateOf } from "./certificates-of-hosts.ts";
import { localCopyRemoved } from "./local-copy-removed.ts";
import { push } from "./push.ts";

/** The image comes back, through each host that can be reached from here. */
export const pull: Check = {
  name: "pull",
  needs: () => [push.name, localCopyRemoved.name],
  async run({ target, registryNames, docker, image, unproven }, signal) {
    if (!image.pushed) return skipped("nothing was pushed");
    const [user] = target.users;
    const proven = registryNames.filter(({ host }) => !unproven.has(certificateOf(host)));
    for (const { name } of proven) {
      const reference = `${name}/${image.repository}:${image.tag}`;
      try {
        image.references.add(reference);
        await pullImage(docker, reference, user);
      } catch (error) {
        signal.throwIfAborted();
        return failed(`${reference}: ${explainDaemonError(error, name, target)}`);
      }
    }
    const leftOut = target.hosts.filter((host) => !proven.some((registry) => registry.host === host));
    const rest = leftOut.length > 0 ? ` (not tried: ${leftOut.join(", ")})` : "";
    return passed(`through ${proven.map(({ name }) => name).join(", ")}${rest}`);
  },
};
