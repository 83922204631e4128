import { z } from "zod";
import { containerPath, count, line, secret, text } from "./field-types.ts";
import { gcsBucketName } from "./store-names.ts";

const chunkStep = 256 * 1024;

const keyRule = "must be the fields of a service account's key, or its file's JSON text";

/** Google's libraries take no file without a type. */
const keyFields = z
  .record(text, text, { error: keyRule })
  .refine((fields) => Object.hasOwn(fields, "type"), { error: `${keyRule}: the field "type" is missing` });

/** The content of a key's file, as `config set --secret` reads it from standard input. */
const keyText = text
  .transform((value, context) => {
    try {
      return JSON.parse(value);
    } catch {
      context.issues.push({
        code: "custom",
        message: keyRule,
        input: "",
      });
      return z.NEVER;
    }
  })
  .pipe(keyFields);

/** The options of Google Cloud Storage. Credentials: a key file, the key itself, or else Google's default chain. */
export const gcsOptions = {
  bucket: gcsBucketName.describe("Name of the bucket."),
  keyFile: containerPath.optional().describe("Path inside the container of a service account's key, as JSON."),
  credentials: z
    .union([keyFields, keyText])
    .optional()
    .describe(
      "A service account's key: its fields, or its file's JSON text; default: Google's default chain, e.g. workload identity.",
    )
    .meta(secret),
  rootDirectory: line.optional().describe("Prefix of all names in the bucket; default none."),
  chunkSize: count(chunkStep)
    .multipleOf(chunkStep, { error: `must be a multiple of ${chunkStep}` })
    .optional()
    .describe("Bytes in a part of an upload, a multiple of 262144; default 16777216."),
  maxConcurrency: count(25).optional().describe("Most operations at once; default 50."),
  userAgent: line.optional().describe("Added to the User-Agent of requests; default none."),
};

type GcsOptions = z.output<z.ZodObject<typeof gcsOptions>>;

/** Options that are each allowed but don't go together. */
export function gcsRules({ value, issues }: z.core.ParsePayload<GcsOptions>): void {
  if (value.keyFile !== undefined && value.credentials !== undefined) {
    issues.push({ code: "custom", message: "takes keyFile or credentials, not both", input: value });
  }
}

/** {@link gcsOptions} as one of the registry's drivers. */
export const gcsStorage = z
  .strictObject({ driver: z.literal("gcs").describe("Google Cloud Storage."), ...gcsOptions })
  .check(gcsRules);

export type GcsStorage = z.output<typeof gcsStorage>;
