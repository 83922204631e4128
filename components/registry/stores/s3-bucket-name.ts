import { length, letterOrDigitAtBothEnds, type NameRule, nameWith, noAddress } from "./store-name.ts";

/**
 * Name of an S3 bucket, by Amazon's rules for general purpose and directory buckets, which the other servers share.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const s3BucketName = nameWith([
  length(3, 63),
  [(name) => /[^a-z0-9.-]/.test(name), "must hold only lower-case letters, digits, dots and hyphens"],
  letterOrDigitAtBothEnds,
  [(name) => name.includes(".."), "must not hold two dots in a row"],
  noAddress,
  reserved(["xn--", "sthree-", "amzn-s3-demo-"], ["-s3alias", "--ol-s3", ".mrap", "--table-s3"]),
]);

function reserved(beginnings: string[], endings: string[]): NameRule {
  const isReserved = (name: string) =>
    beginnings.some((beginning) => name.startsWith(beginning)) || endings.some((ending) => name.endsWith(ending));
  return [
    isReserved,
    `must not begin with ${beginnings.join(", ")} or end with ${endings.join(", ")}, which Amazon reserves`,
  ];
}
