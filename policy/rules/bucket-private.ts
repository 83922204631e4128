import { companionsOf, isBucket } from "../resources/buckets.ts";
import type { StackRule } from "../resources/rule.ts";

const switches = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** CIS AWS Foundations Benchmark 2.1.4. */
export const bucketPrivate: StackRule = {
  name: "bucket-private",
  description: "A bucket must block public access: it holds every image, no matter who may log in to the registry.",
  level: "mandatory",
  checkStack: (resources) =>
    resources.filter(isBucket).flatMap((bucket) => {
      const [block] = companionsOf(bucket, "BucketPublicAccessBlock", resources);
      const open = switches.filter((name) => !block?.properties[name]);
      if (block && open.length === 0) return [];
      const missing = block ? `It leaves ${open.join(", ")} off.` : "It has no BucketPublicAccessBlock.";
      return [{ urn: block?.urn ?? bucket.urn, message: `${missing} Set all four switches.` }];
    }),
};
