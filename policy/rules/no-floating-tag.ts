import { parseImageReference } from "../resources/image-reference.ts";
import { imagesOf } from "../resources/images.ts";
import type { ResourceRule } from "../resources/rule.ts";

export const noFloatingTag: ResourceRule = {
  name: "no-floating-tag",
  description:
    "The registry's image must be named with its full version: a tag that moves makes an update out of a restart.",
  level: "mandatory",
  check: (resource) =>
    imagesOf(resource)
      .filter(floats)
      .map((image) => `${image} may be another image tomorrow. Name the full version (registry:3.1.2) or the digest.`),
};

/** Tags with all three numbers of a version stay; `3`, `3.1`, `latest` and a missing one move on. */
function floats(image: string): boolean {
  const { tag = "", digest } = parseImageReference(image);
  return !digest && !/\d+\.\d+\.\d+/.test(tag);
}
