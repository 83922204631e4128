import { setTimeout as pause } from "node:timers/promises";
import { type Check, failed, passed, skipped } from "../check.ts";
import { removeImage } from "../daemon-images.ts";
import { messageOf } from "../explain-daemon-error.ts";
import { deleteManifest, digestsOf, findManifestDigest, unlinkBlobs } from "../manifest.ts";
import type { ProofContext } from "../proof-context.ts";
import { removeFromStorage } from "../storage/remove-from-storage.ts";

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

/** Of the registry, what it deletes itself; of its storage, the rest. */
async function removeFromRegistry(context: ProofContext, signal: AbortSignal) {
  const { image, storage } = context;
  const { repository, tag, uploads } = image;

  if (!image.pushStarted && uploads.length === 0) return passed("nothing was pushed");
  const manifest = image.pushStarted ? await findManifestDigest(context, signal) : undefined;
  const digests = manifest === undefined ? [] : await digestsOf(context, manifest, signal);
  const isDeleted = manifest === undefined || (await deleteManifest(context, manifest, signal));
  if (isDeleted) await unlinkBlobs(context, digests.slice(1), signal);
  const hex = digests.map((digest) => digest.replace(/^sha256:/, ""));
  const isComplete = manifest !== undefined || !image.pushStarted;
  const made = { repository, tag, uploads, digests: hex, isComplete };
  let left = await removeFromStorage(storage, made);
  // A daemon ends an interrupted push a moment later, and may begin another upload until then.
  for (let round = 0; !isComplete && round < 2; round++) {
    await pause(700);
    left = await removeFromStorage(storage, made);
  }
  if (left === undefined || isDeleted) {
    if ((await findManifestDigest(context, signal)) !== undefined)
      return failed(`${repository}:${tag} is still in the registry`);
  }
  if (left === undefined) return passed("nothing left in the registry");
  if (!isDeleted)
    return skipped(
      `the registry allows no deletion: ${repository}:${tag} (some 100 bytes) stays in it, as ${left}. The next proof from here ` +
        'replaces it; "garbage-collect --delete-untagged" removes what was replaced',
    );
  return passed(`manifest deleted; some 100 bytes of blobs go with the next garbage collection, as ${left}`);
}

/** A failure of one part does not keep the other from being done. */
async function attempt(part: () => Promise<ReturnType<typeof passed>>) {
  try {
    return await part();
  } catch (error) {
    return failed(messageOf(error));
  }
}
