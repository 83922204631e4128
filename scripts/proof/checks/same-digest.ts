import { type Check, failed, passed, skipped } from "../check.ts";
import { findManifestDigest } from "../manifest.ts";
import { pull } from "./pull.ts";

/** What came back is what was sent: the same manifest digest on the daemon and in the registry, the same image. */
export const sameDigest: Check = {
  name: "same digest",
  needs: () => [pull.name],
  async run(context, signal) {
    const { docker, image } = context;
    if (!image.pushed) return skipped("nothing was pushed");
    const { digest, imageId } = image.pushed;
    for (const reference of image.references) {
      const pulled = await docker.getImage(reference).inspect();
      if (!pulled.RepoDigests?.some((name) => name.endsWith(`@${digest}`))) {
        return failed(`pushed ${digest}, pulled ${pulled.RepoDigests?.join(", ") || "no digest"} as ${reference}`);
      }
      if (pulled.Id !== imageId) return failed(`pushed image ${imageId}, pulled ${pulled.Id}`);
    }
    const stored = await findManifestDigest(context, signal);
    if (stored !== digest) return failed(`pushed ${digest}, the registry has ${stored ?? "no such manifest"}`);
    return passed(digest);
  },
};
