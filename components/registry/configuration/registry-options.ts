import { z } from "zod";
import { count, duration, headers, line, map, origin, port, text } from "./field-types.ts";
import { healthOptions } from "./health-options.ts";
import { notificationOptions } from "./notification-options.ts";
import { redisOptions } from "./redis-options.ts";
import { validationOptions } from "./validation-options.ts";

const log = z
  .strictObject({
    level: z
      .enum(["error", "warn", "info", "debug"])
      .default("info")
      .describe("How much the registry logs; default info (debug logs every request's details)."),
    format: z
      .enum(["text", "json", "logstash"])
      .default("text")
      .describe("How a line of the log is written; default text."),
    accessLog: z.boolean().default(true).describe("Whether every request is logged in Apache's format; default true."),
    fields: map(
      /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/,
      "is not the name of a log field: use letters, digits, dot, dash and underscore, first a letter",
      text,
    )
      .default({ environment: "production", service: "registry" })
      .describe("Fields added to every line of the log; default environment production, service registry."),
  })
  .prefault({});

const uploadPurging = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether uploads that were never finished are deleted; default true."),
    age: duration(1)
      .default("168h")
      .describe("Age from which an unfinished upload is deleted, a duration; default 168h."),
    interval: duration(1).default("24h").describe("Time between two purges, a duration; default 24h."),
  })
  .prefault({});

const debug = z.strictObject({
  port: port.default(5001).describe("Port of the debug server on 127.0.0.1 inside the container; default 5001."),
  prometheus: z
    .boolean()
    .default(false)
    .describe("Whether the debug server offers Prometheus /metrics; default false."),
});

const fields = z.strictObject({
  log: log.describe("What is logged, and how."),
  delete: z
    .boolean()
    .default(true)
    .describe("Whether users may delete images and tags (clean-up needs it); default true."),
  readOnly: z
    .boolean()
    .default(false)
    .describe("Whether pushes and deletions are refused, as for garbage collection; default false."),
  uploadPurging: uploadPurging.describe("Deletion of uploads that were never finished."),
  tagLookupConcurrency: count(1)
    .optional()
    .describe("How many tags are looked up at once when a manifest is deleted; default: one for each CPU."),
  redirect: z
    .boolean()
    .optional()
    .describe(
      "Whether pulls are redirected to object storage with a signed URL; default true, but false with an S3 regionEndpoint.",
    ),
  cache: z
    .enum(["inmemory", "redis", "none"])
    .default("inmemory")
    .describe("Where descriptions of layers are cached; default inmemory."),
  redis: redisOptions.optional().describe("The Redis server for `cache: redis` (set it to evict by allkeys-lru)."),
  headers: headers
    .default({})
    .describe("Header fields added to every answer under /v2/; X-Content-Type-Options: nosniff is added unless given."),
  drainTimeout: duration(1)
    .default("30s")
    .describe("How long running requests get to finish when the registry stops, a duration; default 30s."),
  externalUrl: origin
    .optional()
    .describe("URL by which clients reach the registry if a proxy hides it; default: taken from each request."),
  relativeUrls: z
    .boolean()
    .default(false)
    .describe("Whether Location headers are relative, for proxies that do not pass on the host; default false."),
  minimumTls: z.enum(["1.2", "1.3"]).default("1.2").describe("Lowest TLS version that is accepted; default 1.2."),
  debug: debug.optional().describe("Debug server (profiles, variables) on loopback in the container; default: none."),
  health: healthOptions.describe("What makes GET / answer 503."),
  realm: line
    .default("Registry")
    .describe("Name of the registry that clients show when they ask for a password; default Registry."),
  catalog: z
    .strictObject({
      maxEntries: count(1).default(1000).describe("Most repositories that one catalog request may list; default 1000."),
    })
    .prefault({})
    .describe("The list of repositories, /v2/_catalog."),
  maxTags: count(1)
    .default(1000)
    .describe("Most tags in an answer to a request that asks for a number (?n=); default 1000."),
  notifications: notificationOptions.describe("Webhooks that learn of pushes, pulls and deletions."),
  validation: validationOptions.describe("What a pushed manifest is checked for."),
});

/**
 * What a user may say about the registry itself; everything has a default, and `registryOptions.parse({})` is the
 * secure one. `renderConfiguration` turns the parsed options into `config.yml`. The registry reads that file once, when
 * it starts: a change of any option restarts it. Only the users (htpasswd) change without a restart.
 */
export const registryOptions = fields.superRefine((options, context) => {
  for (const { path, message } of contradictions(options)) context.addIssue({ code: "custom", path, message });
});

/** Parsed options: every default filled in. */
export type RegistryOptions = z.output<typeof fields>;

/** Options as a user writes them: everything may be left out. */
export type RegistryOptionsInput = z.input<typeof fields>;

/** What each option allows alone, but not together. */
function contradictions(options: RegistryOptions): { path: string[]; message: string }[] {
  const { cache, redis, relativeUrls, externalUrl } = options;
  const rules: [boolean, string[], string][] = [
    [cache === "redis" && !redis, ["cache"], "is redis, but there is no redis section: add redis.addresses"],
    [
      cache !== "redis" && redis !== undefined,
      ["redis"],
      "is used by the cache alone: set cache to redis, or remove it",
    ],
    [
      relativeUrls && externalUrl !== undefined,
      ["relativeUrls"],
      "has no effect beside externalUrl: use one of the two",
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, path, message]) => ({ path, message }));
}
