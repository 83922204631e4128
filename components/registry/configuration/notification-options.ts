import { z } from "zod";
import { count, duration, headers, name, secret, webAddress } from "./field-types.ts";

const endpoint = z.strictObject({
  name: name.describe("Name of the endpoint in logs and metrics."),
  url: webAddress.describe("Address that events are posted to, as JSON."),
  headers: headers
    .default({})
    .describe("Header fields that are sent along; the registry writes them to its log at level info. Default none.")
    .meta(secret),
  timeout: duration(0.001).default("1s").describe("How long one post may take, a duration; default 1s."),
  threshold: count(1).default(10).describe("How many posts fail in a row before the registry backs off; default 10."),
  backoff: duration(0.001).default("1s").describe("How long the registry backs off, a duration; default 1s."),
  ignoreMediaTypes: z.array(name).default([]).describe("Media types whose events are not sent; default none."),
  ignoreActions: z
    .array(z.enum(["push", "pull", "mount", "delete"]))
    .default([])
    .describe("Actions whose events are not sent; default none."),
});

/** Web hooks. */
export const notificationOptions = z
  .strictObject({
    includeReferences: z
      .boolean()
      .default(false)
      .describe("Whether an event on a manifest lists what the manifest refers to; default false."),
    endpoints: z
      .array(endpoint)
      .refine((given) => new Set(given.map((one) => one.name)).size === given.length, {
        error: "must have a different name each",
      })
      .default([])
      .describe("Where events are sent; default nowhere."),
  })
  .prefault({});
