import { z } from "zod";
import { containerPath, count, line, secret, text } from "../configuration/field-types.ts";
import type { YamlMap } from "../configuration/render-yaml.ts";
import { defineStore } from "./store-kind.ts";
import { letterOrDigitAtBothEnds, nameWith, noAddress } from "./store-name.ts";

/**
 * Name of a Google Cloud Storage bucket. Source: https://cloud.google.com/storage/docs/buckets#naming
 * That names with dots must be domains of yours, Google checks.
 */
const bucketName = nameWith([
  [
    (name) => name.length < 3 || name.length > 222 || name.split(".").some((part) => part.length > 63),
    "must be 3 to 63 characters long; with dots 222, 63 between two of them",
  ],
  [(name) => /[^a-z0-9._-]/.test(name), "must hold only lower-case letters, digits, dots, hyphens and underscores"],
  letterOrDigitAtBothEnds,
  [(name) => name.includes(".."), "must not hold two dots in a row"],
  noAddress,
  [(name) => /^goog|g[o0]{2}g[l1]e/.test(name), 'must not begin with "goog" or hold "google" or something like it'],
]);

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
const options = {
  bucket: bucketName.describe("Name of the bucket."),
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

type GcsOptions = z.output<z.ZodObject<typeof options>>;

/** Options that are each allowed but don't go together. */
function rules({ value, issues }: z.core.ParsePayload<GcsOptions>): void {
  if (value.keyFile !== undefined && value.credentials !== undefined) {
    issues.push({ code: "custom", message: "takes keyFile or credentials, not both", input: value });
  }
}

function parameters(gcs: GcsOptions): YamlMap {
  return {
    bucket: gcs.bucket,
    chunksize: gcs.chunkSize,
    credentials: gcs.credentials,
    keyfile: gcs.keyFile,
    maxconcurrency: gcs.maxConcurrency,
    rootdirectory: gcs.rootDirectory,
    useragent: gcs.userAgent,
  };
}

/** Google Cloud Storage. */
export const gcs = defineStore({
  driver: "gcs",
  title: "Google Cloud Storage.",
  description: "A bucket of Google Cloud Storage. It must exist, and is never removed.",
  options,
  rules,
  notSettings: ["keyFile"],
  parameters,
  place: ({ bucket }) => `gcs bucket ${bucket}`,
  server: () => undefined,
  clientsReach: () => true,
  secrets: ({ credentials }) => [credentials?.private_key],
  errors: {
    prefix: "gcs",
    reasons: [
      [/googleapi: Error 404/, "there is no such bucket; create it, or correct the setting bucket"],
      [
        /invalid_grant|cannot fetch token|account not found/,
        "Google refuses the key; correct storage.gcs.credentials, or see the host's clock",
      ],
    ],
  },
});
