import { companionsOf, isBucket } from "../resources/buckets.ts";
import type { StackRule } from "../resources/rule.ts";
import { at, unknown } from "../resources/value.ts";

export const bucketEncrypted: StackRule = {
  name: "bucket-encrypted",
  description: "A bucket must say how it encrypts what is in it.",
  level: "mandatory",
  checkStack: (resources) =>
    resources.filter(isBucket).flatMap((bucket) => {
      const companions = companionsOf(bucket, "BucketServerSideEncryptionConfiguration", resources);
      const algorithms = [
        at(bucket.properties, "serverSideEncryptionConfiguration", "rule"),
        ...companions.flatMap(({ properties: { rules } }) => (Array.isArray(rules) ? rules : [rules ?? null])),
      ].map((rule) => (rule === unknown ? unknown : at(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm")));
      if (algorithms.some((algorithm) => algorithm !== undefined)) return [];
      return [{ urn: bucket.urn, message: "Add a BucketServerSideEncryptionConfiguration with aws:kms or AES256." }];
    }),
};
