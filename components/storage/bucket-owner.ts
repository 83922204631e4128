/** The tag that says whose a bucket is: `<project>/<stack>`. */
export const ownerTag = "io.registry-kit.stack";

/** The stack that a bucket's tags name; undefined: nobody's. */
export function ownerOf(tags: Record<string, string> | undefined): string | undefined {
  return tags?.[ownerTag];
}
