import { type Check, failed, passed, skipped } from "../check.ts";
import { removeImage } from "../daemon-images.ts";
import { messageOf } from "../explain-daemon-error.ts";
import { deleteManifest, findManifestDigest } from "../manifest.ts";
import type { ProofContext } from "../proof-context.ts";

/** What the proof made is gone from the daemon and from the registry. Runs whatever happened before. */
export const cleanUp: Check = {
  name: "clean-up",
  needs: () => [],
  async run(context, signal) {
    const { image } = context;
    if (image.references.size === 0) return skipped("nothing was made");
    const local = await attempt(() => removeLocalImages(context));
    const remote = await attempt(() => removeFromRegistry(context, signal));
    const seen = `${local.seen}; ${remote.seen}`;
    if (local.ok === false || remote.ok === false) return failed(seen);
    return remote.ok === true ? passed(seen) : skipped(seen);
  },
};

async function removeLocalImages({ docker, image }: ProofContext) {
  for (const reference of image.references) await removeImage(docker, reference);
  return passed("no local image left");
}

async function removeFromRegistry(context: ProofContext, signal: AbortSignal) {
  const { image } = context;
  if (!image.pushStarted) return passed("nothing was pushed");
  const digest = await findManifestDigest(context, signal);
  if (digest === undefined) return passed("no manifest left in the registry");
  const name = `${image.repository}:${image.tag}`;
  if (!(await deleteManifest(context, digest, signal))) {
    return skipped(`the registry allows no deletion: ${name} (some 100 bytes) stays in it`);
  }
  if ((await findManifestDigest(context, signal)) !== undefined) return failed(`${name} is still in the registry`);
  return passed("manifest deleted, its blobs go with the next garbage collection");
}

/** A failure of one part does not keep the other from being done. */
async function attempt(part: () => Promise<ReturnType<typeof passed>>) {
  try {
    return await part();
  } catch (error) {
    return failed(messageOf(error));
  }
}
