import { type Check, failed, passed, skipped } from "../check.ts";
import { isNotFound, removeImage } from "../daemon-images.ts";
import { push } from "./push.ts";

/** The daemon forgets the image, so that the pull has to bring it. */
export const localCopyRemoved: Check = {
  name: "removal of the local copy",
  needs: () => [push.name],
  async run({ docker, image }) {
    if (!image.pushed) return skipped("nothing was pushed");
    for (const reference of image.references) await removeImage(docker, reference);
    const { imageId } = image.pushed;
    try {
      await docker.getImage(imageId).inspect();
      return failed(`the daemon still has ${imageId}`);
    } catch (error) {
      if (isNotFound(error)) return passed(`the daemon has no ${imageId} any more`);
      throw error;
    }
  },
};
