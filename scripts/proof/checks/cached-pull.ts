import { type Check, failed, passed, skipped } from "../check.ts";
import { pullImage } from "../daemon-images.ts";
import { explainDaemonError } from "../explain-daemon-error.ts";
import { manifestTypes } from "../manifest.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";

/** A cache hands on an image of its upstream, through the Docker daemon: one that it has, where the upstream can't be reached. */
export const cachedPull: Check = {
  name: "pull through the cache",
  needs: ({ api }) => [answers.name, certificateOf(api.host)],
  async run({ api, target, registryNames, docker, image }, signal) {
    const { url, probe } = target.upstream ?? {};
    if (!url) return skipped("not a pull-through cache");
    if (!probe) return skipped("no image of the upstream is known; name one in the cache's setting probe");
    const [, repository, tag] = /^(.+):([^:]+)$/.exec(probe) ?? [];
    const path = `/v2/${repository}/manifests/${tag}`;
    const { status } = await requestRegistry(api, { method: "HEAD", path, accept: manifestTypes }, signal);
    // The cache says the same of all three: its log tells them apart.
    if (status !== 200) {
      const why = `${url} does not answer, refuses the cache's username and password, or has no such image`;
      return failed(`${probe}: ${status}; ${why}. The container's log says which`);
    }
    const name = registryNames[0]?.name ?? "";
    const reference = `${name}/${probe}`;
    try {
      const isThere = await docker
        .getImage(reference)
        .inspect()
        .then(
          () => true,
          () => false,
        );
      if (!isThere) image.references.add(reference);
      await pullImage(docker, reference, undefined);
      return passed(reference);
    } catch (error) {
      signal.throwIfAborted();
      return failed(explainDaemonError(error, name, target));
    }
  },
};
