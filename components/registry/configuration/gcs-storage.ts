import { z } from "zod";
import { containerPath, count, line, secret, text } from "./field-types.ts";

const chunkStep = 256 * 1024;

/** Google Cloud Storage. Credentials: a key file, the key itself, or else Google's default chain. */
export const gcsStorage = z
  .strictObject({
    driver: z.literal("gcs").describe("Google Cloud Storage."),
    bucket: line.describe("Name of the bucket."),
    keyFile: containerPath.optional().describe("Path inside the container of a service account's key, as JSON."),
    credentials: z
      .record(text, text)
      .optional()
      .describe("The fields of a service account's key; default: Google's default chain, e.g. workload identity.")
      .meta(secret),
    rootDirectory: line.optional().describe("Prefix of all names in the bucket; default none."),
    chunkSize: count(chunkStep)
      .multipleOf(chunkStep, { error: `must be a multiple of ${chunkStep}` })
      .optional()
      .describe("Bytes in a part of an upload, a multiple of 262144; default 16777216."),
    maxConcurrency: count(25).optional().describe("Most operations at once; default 50."),
    userAgent: line.optional().describe("Added to the User-Agent of requests; default none."),
  })
  .refine(({ keyFile, credentials }) => keyFile === undefined || credentials === undefined, {
    error: "takes keyFile or credentials, not both",
  });

export type GcsStorage = z.output<typeof gcsStorage>;
