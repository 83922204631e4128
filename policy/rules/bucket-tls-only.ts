import { companionsOf, isBucket } from "../resources/buckets.ts";
import type { StackRule } from "../resources/rule.ts";
import type { Value } from "../resources/value.ts";
import { at, unknown } from "../resources/value.ts";

/** CIS AWS Foundations Benchmark 2.1.1. */
export const bucketTlsOnly: StackRule = {
  name: "bucket-tls-only",
  description: "A bucket must refuse requests without TLS.",
  level: "mandatory",
  checkStack: (resources) =>
    resources.filter(isBucket).flatMap((bucket) => {
      const policies = companionsOf(bucket, "BucketPolicy", resources).map(({ properties: { policy } }) => policy);
      if (policies.some((policy) => policy === unknown || deniesPlainRequests(policy))) return [];
      return [
        { urn: bucket.urn, message: 'Add a BucketPolicy that denies "s3:*" where aws:SecureTransport is "false".' },
      ];
    }),
};

function deniesPlainRequests(policy: Value | undefined): boolean {
  if (typeof policy !== "string") return false;
  const statements = at(JSON.parse(policy) as Value, "Statement");
  return [statements ?? []].flat().some((statement) => {
    const condition = String(at(statement, "Condition", "Bool", "aws:SecureTransport"));
    const actions = [at(statement, "Action") ?? ""].flat();
    const everyone = at(statement, "Principal");
    return (
      at(statement, "Effect") === "Deny" &&
      condition === "false" &&
      actions.some((action) => action === "s3:*" || action === "*") &&
      (everyone === "*" || at(everyone, "AWS") === "*")
    );
  });
}
