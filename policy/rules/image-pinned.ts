import { parseImageReference } from "../resources/image-reference.ts";
import { imagesOf } from "../resources/images.ts";
import type { ResourceRule } from "../resources/rule.ts";

/** Advisory: an image that was built or loaded on the host has no digest of a registry. */
export const imagePinned: ResourceRule = {
  name: "image-pinned",
  description: "The registry's image should be named with its digest: the owner of the tag could change what runs.",
  level: "advisory",
  check: (resource) =>
    imagesOf(resource)
      .filter((image) => !parseImageReference(image).digest)
      .map((image) => `${image} has no digest. Append it (image@sha256:...; in the kit: image.digest).`),
};
