import { z } from "zod";
import { containerPath, count, duration, headers, hostAndPort, secret, webAddress } from "./field-types.ts";

/** Fields that every check has. */
const check = {
  interval: duration(1).default("10s").describe("Time between two checks, a duration; default 10s."),
};

/** Fields of checks that may fail a few times before they count. */
const lenientCheck = {
  ...check,
  threshold: count(1).default(3).describe("How many failures in a row make the registry unhealthy; default 3."),
};

const timeout = duration(0.001).default("5s").describe("How long one check may take, a duration; default 5s.");

/** The registry's own health checks; while one fails, `GET /` (and every other request) answers 503. */
export const healthOptions = z
  .strictObject({
    storage: z
      .strictObject({
        enabled: z.boolean().default(true).describe("Whether the storage is checked; default true."),
        ...lenientCheck,
      })
      .prefault({})
      .describe("Checks that the storage answers."),
    files: z
      .array(z.strictObject({ path: containerPath.describe("The file, a path inside the container."), ...check }))
      .default([])
      .describe("Files whose presence makes the registry unhealthy, to take it out of a load balancer; default none."),
    http: z
      .array(
        z.strictObject({
          url: webAddress.describe("The address that is asked, by HEAD."),
          status: z.int().min(100).max(599).default(200).describe("The status that counts as healthy; default 200."),
          headers: headers.default({}).describe("Header fields that are sent along; default none.").meta(secret),
          timeout,
          ...lenientCheck,
        }),
      )
      .default([])
      .describe("Web addresses that must answer; default none."),
    tcp: z
      .array(z.strictObject({ address: hostAndPort.describe("The server as host:port."), timeout, ...lenientCheck }))
      .default([])
      .describe("TCP servers that must accept a connection; default none."),
  })
  .prefault({});
