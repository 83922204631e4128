import type { z } from "zod";
import { line } from "./field-types.ts";

type Rule = [isBroken: (name: string) => boolean, message: string];

/** Between two letters or digits, each of a few characters; the services share this much. */
const length = (from: number, to: number): Rule => [
  (name) => name.length < from || name.length > to,
  `must be ${from} to ${to} characters long`,
];
const ends: Rule = [
  (name) => !/^[a-z0-9]/i.test(name) || !/[a-z0-9]$/i.test(name),
  "must begin and end with a letter or digit",
];
const noAddress: Rule = [(name) => /^\d+(\.\d+){3}$/.test(name), "must not look like an IP address"];

/**
 * Name of an S3 bucket, by Amazon's rules for general purpose and directory buckets, which the other servers share.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const s3BucketName = nameWith([
  length(3, 63),
  [(name) => /[^a-z0-9.-]/.test(name), "must hold only lower-case letters, digits, dots and hyphens"],
  ends,
  [(name) => name.includes(".."), "must not hold two dots in a row"],
  noAddress,
  reserved(["xn--", "sthree-", "amzn-s3-demo-"], ["-s3alias", "--ol-s3", ".mrap", "--table-s3"]),
]);

/**
 * Name of a Google Cloud Storage bucket. Source: https://cloud.google.com/storage/docs/buckets#naming
 * That names with dots must be domains of yours, Google checks.
 */
export const gcsBucketName = nameWith([
  [
    (name) => name.length < 3 || name.length > 222 || name.split(".").some((part) => part.length > 63),
    "must be 3 to 63 characters long; with dots 222, 63 between two of them",
  ],
  [(name) => /[^a-z0-9._-]/.test(name), "must hold only lower-case letters, digits, dots, hyphens and underscores"],
  ends,
  [(name) => name.includes(".."), "must not hold two dots in a row"],
  noAddress,
  [(name) => /^goog|g[o0]{2}g[l1]e/.test(name), 'must not begin with "goog" or hold "google" or something like it'],
]);

/** Name of an Azure storage account. Source: https://learn.microsoft.com/azure/storage/common/storage-account-overview */
export const azureAccountName = nameWith([
  length(3, 24),
  [(name) => /[^a-z0-9]/.test(name), "must hold only lower-case letters and digits"],
]);

/** Name of an Azure blob container. Source: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export const azureContainerName = nameWith([
  length(3, 63),
  [(name) => /[^a-z0-9-]/.test(name), "must hold only lower-case letters, digits and hyphens"],
  ends,
  [(name) => name.includes("--"), "must not hold two hyphens in a row"],
]);

/** Every rule that a name breaks is named, not only the first. */
function nameWith(rules: Rule[]): z.ZodType<string, string> {
  return line.check(({ value, issues }) => {
    for (const [isBroken, message] of rules) {
      if (isBroken(value))
        issues.push({ code: "custom", message: `is ${JSON.stringify(value)}; it ${message}.`, input: value });
    }
  });
}

function reserved(beginnings: string[], endings: string[]): Rule {
  const isReserved = (name: string) =>
    beginnings.some((beginning) => name.startsWith(beginning)) || endings.some((ending) => name.endsWith(ending));
  return [
    isReserved,
    `must not begin with ${beginnings.join(", ")} or end with ${endings.join(", ")}, which Amazon reserves`,
  ];
}
