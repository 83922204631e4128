import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { listNames } from "../../terminal/list-names.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { execInContainer } from "../exec-in-container.ts";

/** How many are named. */
const most = 20;

/**
 * `repository@digest` of each manifest of schema 1: JSON of at most 4 MiB (Distribution's limit) that says so itself. One grep reads
 * many files, as a registry may have a hundred thousand, and a check has a minute.
 */
const script = `
cd "$1/docker/registry/v2/repositories" 2>/dev/null || exit 0
find . -path '*/_manifests/revisions/sha256/*/link' | sed 's|^.*/\\(\\(..\\)[^/]*\\)/link$|../blobs/sha256/\\2/\\1/data|' | sort -u |
xargs -r grep -ls '"schemaVersion"[[:space:]]*:[[:space:]]*1[[:space:]]*[,}]\\|"schemaVersion"[[:space:]]*:[[:space:]]*1$' | head -n ${most} |
while read -r m; do
  h=\${m%/data} h=\${h##*/}
  find . -path "*/_manifests/revisions/sha256/$h/link" | while read -r f; do
    r=\${f%%/_manifests/*}
    echo "\${r#./}@sha256:$h"
  done
done | head -n ${most}`;

/**
 * No image is left in the format of registry 2's first years: distribution 3 cannot read it, and one such manifest ends a garbage
 * collection ("failed to mark").
 */
export const noSchema1Manifest: Check = {
  name: "no manifest of schema 1",
  needs: () => [],
  isOfContent: true,
  async run({ target, storage }) {
    if (storage.kind !== "filesystem" || !target.container) return skipped("the images are in no volume or folder");
    const container = dockerClient(target.container.docker).getContainer(target.container.id);
    const { output } = await execInContainer(container, ["sh", "-c", script, "sh", storage.root]);
    const found = output.split("\n").filter((line) => line !== "");
    if (found.length === 0) return passed("none");
    return failed(
      `${listNames(found)}: this registry cannot serve ${found.length === 1 ? "it" : "them"}, and garbage collection ends there. ` +
        "Pull with a registry 2 and push again, or delete by digest",
    );
  },
};
