import { z } from "zod";
import { dockerName } from "../../lib/docker/docker-name.ts";

/** How the container of a registry runs. Every option has a default, or may be left out. */
export const containerInputs = z.strictObject({
  restart: z
    .enum(["no", "on-failure", "always", "unless-stopped"])
    .default("unless-stopped")
    .describe("Restart policy. Changes in place."),
  memory: z.int().min(64).default(1024).describe("Memory limit in MiB. Changes in place."),
  processes: z
    .int()
    .min(32)
    .max(4_194_304, "must be at most 4194304: the kernel counts no more")
    .default(512)
    .describe("Limit of processes and threads. Changes in place."),
  cpus: z
    .number()
    .min(0.01, "must be at least 0.01: the kernel counts no smaller part")
    .optional()
    .describe("How many processors it may use, for example 1.5. Default: all. A change replaces the container."),
  nofile: z
    .int()
    .min(128)
    .max(1_048_576, "must be at most 1048576: the kernel's default limit of one process (fs.nr_open)")
    .optional()
    .describe(
      "The most open files, and so connections. A slow client holds one for as long as it likes. Default: the Docker engine's. A change replaces the container.",
    ),
  user: z
    .string()
    .regex(/^\d+:\d+$/, { error: 'must be numeric, "uid:gid"', abort: true })
    .refine((user) => user.split(":").every((id) => Number(id) < 2 ** 31), "must have ids up to 2147483647")
    .optional()
    .describe(
      "Numeric user and group, uid:gid. They must be able to write the storage. Default: 10001:10001, or the owner of the images that the volume already has. A registry of release 0.1 stays root. A change replaces the container.",
    ),
  network: z
    .enum(["own", "bridge"])
    .optional()
    .describe(
      "own: a network only for the stack's containers, NAME-network. bridge: Docker's default network, which unrelated containers share. Default: own. A registry of release 0.1 stays on bridge. A change replaces the container.",
    ),
  networks: z
    .array(dockerName)
    .refine((names) => new Set(names).size === names.length, "names one network twice")
    .default([])
    .describe(
      "Existing networks that the container also joins, for example a reverse proxy's. With network: bridge it is on these alone. A change replaces the container.",
    ),
  logs: z
    .strictObject({
      maxSize: z
        .string()
        .regex(/^0*[1-9]\d*[kmg]$/, "must be a number above 0, followed by k, m or g")
        .default("10m")
        .describe("Size at which a log file is rotated."),
      maxFiles: z.int().min(1).default(3).describe("Log files kept."),
    })
    .prefault({})
    .describe("Rotation of the container's log. A change replaces the container."),
  labels: z.record(z.string(), z.string()).default({}).describe("More labels for the container. A change replaces it."),
});

export type ContainerInputs = z.infer<typeof containerInputs>;
