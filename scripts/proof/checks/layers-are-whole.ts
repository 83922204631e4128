import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { typed } from "../../../lib/start-up/typed.ts";
import { listNames } from "../../terminal/list-names.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { execInContainer } from "../exec-in-container.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";

/** How many layers are asked for; one that answers with nothing is enough. */
const most = 5;

/** `repository sha256:...` of layers that images refer to and whose content is gone, as an expired image of the same layer took it. */
const script = `
cd "$1/docker/registry/v2" 2>/dev/null || exit 0
find repositories -path '*/_layers/sha256/*/link' | while read -r f; do
  d=\${f%/link} h=\${d##*/} b=\${h#??}
  [ -e "blobs/sha256/\${h%"$b"}/$h/data" ] || echo "$f"
done | head -n ${most}`;

/** A cache sends the layers that it says it has: one that remembers more than is in its volume answers 200 with nothing in it. */
export const layersAreWhole: Check = {
  name: "cached layers",
  needs: ({ api }) => [answers.name, certificateOf(api.host)],
  async run({ api, target, storage }, signal) {
    if (storage.kind !== "filesystem" || !target.container) return skipped("the cache's volume cannot be looked into");
    const container = dockerClient(target.container.docker).getContainer(target.container.id);
    const { output } = await execInContainer(container, ["sh", "-c", script, "sh", storage.root]);
    const empty: string[] = [];
    const found = [...output.matchAll(/^repositories\/(.+)\/_layers\/sha256\/([0-9a-f]{64})\/link$/gm)];
    for (const [, repository, hex] of found) {
      const path = `/v2/${repository}/blobs/sha256:${hex}`;
      const answer = await requestRegistry(api, { method: "GET", path, beginning: true }, signal).catch(
        () => undefined,
      );
      // Cut short, or whole and empty; any other status is the upstream's.
      if (answer === undefined || (answer.status === 200 && answer.body === ""))
        empty.push(`${repository}@sha256:${hex}`);
    }
    if (empty.length === 0) return passed("what it says it has it sends");
    return failed(
      `${listNames(empty)}: 200 with nothing in it, for an expired image took the layer with it; ${typed("up")}, or restart the cache's container`,
    );
  },
};
