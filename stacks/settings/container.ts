import { z } from "zod";

export const containerSettings = z.strictObject({
  restart: z
    .enum(["no", "on-failure", "always", "unless-stopped"])
    .default("unless-stopped")
    .describe("Restart policy. Changes in place."),
  memory: z.int().min(64).default(1024).describe("Memory limit in MiB. Changes in place."),
  processes: z.int().min(32).default(512).describe("Limit of processes and threads. Changes in place."),
  user: z
    .string()
    .regex(/^\d+:\d+$/, 'must be numeric, "uid:gid"')
    .default("0:0")
    .describe(
      "Numeric user and group, uid:gid. Root has no capabilities here; another user must be able to write the storage. A change replaces the container.",
    ),
  logs: z
    .strictObject({
      maxSize: z
        .string()
        .regex(/^\d+[kmg]$/, "must be a number followed by k, m or g")
        .default("10m")
        .describe("Size at which a log file is rotated."),
      maxFiles: z.int().min(1).default(3).describe("Log files kept."),
    })
    .prefault({})
    .describe("Rotation of the container's log. A change replaces the container."),
  labels: z.record(z.string(), z.string()).default({}).describe("More labels for the container. A change replaces it."),
});
