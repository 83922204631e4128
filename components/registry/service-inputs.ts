import { z } from "zod";
import { dockerName } from "../../lib/docker/docker-name.ts";
import { containerPath, count, duration, name } from "./configuration/field-types.ts";

const memory = z.int().min(6, "must be at least 6 MiB: Docker allows no less");
const cpus = z.number().min(0.01, "must be at least 0.01: the kernel counts no smaller part");

const update = z
  .strictObject({
    order: z
      .enum(["stop-first", "start-first"])
      .optional()
      .describe(
        "What a task's update begins with. Default: start-first with object storage on ingress, so that no request is refused. Otherwise stop-first.",
      ),
    parallelism: count(0).default(1).describe("Tasks that are updated at once; 0: all."),
    delay: duration(0).default("0s").describe("Pause between two updates of tasks."),
    monitor: duration(1).default("5s").describe("How long an updated task is watched before it counts as good."),
    maxFailureRatio: z.number().min(0).max(1).default(0).describe("Share of tasks that may fail before a rollback."),
  })
  .prefault({})
  .describe("How changes reach the tasks. An update that fails is rolled back. Changes in place.");

const serviceNetwork = z.strictObject({
  name: dockerName
    .optional()
    .describe("Name of the network. A change replaces it. Default: registry, or registry-encrypted."),
  attachable: z
    .boolean()
    .default(true)
    .describe("Whether containers can join it, too. A change needs another name, too."),
  encrypted: z
    .boolean()
    .default(false)
    .describe("Encrypt the traffic between nodes (CIS Docker Benchmark 7.3). A change needs another name, too."),
});

/** Everything but what is said otherwise changes by a rolling update. */
export const serviceInputs = z.strictObject({
  replicas: z
    .union([count(1), z.literal("global")], { error: 'must be a whole number of at least 1, or "global"' })
    .default(1)
    .describe(
      'Number of tasks, or "global": one on every node that placement.constraints allow. More than one needs object storage. Going to or from "global" replaces the service.',
    ),
  publish: z
    .enum(["ingress", "host"])
    .default("ingress")
    .describe(
      "ingress: the port answers on every node, through the routing mesh (needs IPVS in the kernel). host: only on nodes that run a task, which see the clients' addresses.",
    ),
  network: z
    .union([z.literal("none"), serviceNetwork])
    .optional()
    .describe(
      "An overlay network for the service, created and removed with it, or none. After a refresh, the Pulumi CLI wants to replace a service that has one: see docs/swarm.md. Default: none.",
    ),
  networks: z.array(dockerName).default([]).describe("Existing overlay networks to join, for example that of a proxy."),
  placement: z
    .strictObject({
      constraints: z
        .array(z.string().regex(/^(node|engine)\.[\w.-]+\s*[!=]=\s*\S+$/, "must be like node.labels.registry==true"))
        .default([])
        .describe("Which nodes may run a task, for example node.labels.registry==true."),
      preferences: z
        .array(z.string().regex(/^(node|engine)\.labels\.\S+$/, "must be a label, like node.labels.zone"))
        .default([])
        .describe("Labels of nodes over whose values tasks are spread, for example node.labels.zone."),
      maxPerNode: count(1).optional().describe("Most tasks on one node. Default: no limit."),
    })
    .prefault({})
    .describe(
      "Where tasks run. Without constraints, a service with a volume that nodes don't share runs on the Docker host's node.",
    ),
  memory: memory.min(64).default(1024).describe("Memory limit of a task in MiB."),
  cpus: cpus.optional().describe("CPU limit of a task, for example 0.5. Default: none."),
  reservations: z
    .strictObject({
      memory: memory.optional().describe("Memory in MiB."),
      cpus: cpus.optional().describe("CPUs, for example 0.25."),
    })
    .prefault({})
    .describe("What a node must have free to get a task. Default: nothing."),
  restart: z
    .strictObject({
      condition: z.enum(["any", "on-failure", "none"]).default("any").describe("When an ended task is replaced."),
      delay: duration(0).default("5s").describe("Pause before that."),
      attempts: count(1).optional().describe("Most restarts within the window. Default: no limit."),
      window: duration(1).optional().describe("The window in which attempts are counted. Default: forever."),
    })
    .prefault({})
    .describe("What happens when a task ends."),
  user: z
    .string()
    .regex(/^\d+:\d+$/, 'must be numeric, "uid:gid"')
    .optional()
    .describe(
      "Numeric user and group, uid:gid, who must be able to write the storage. Default: 10001:10001, or the owner of the images that the volume already has. Root with a volume that nodes share. A service of an earlier release keeps its user.",
    ),
  logs: z
    .strictObject({
      driver: name.default("json-file").describe("Log driver."),
      options: z
        .record(z.string(), z.string())
        .default({ "max-file": "3", "max-size": "10m" })
        .describe("Its options."),
    })
    .prefault({})
    .describe("Where the tasks' logs go."),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe("More labels for the service, for example for a proxy. Changed in place."),
  health: z
    .strictObject({
      interval: duration(1)
        .default("5s")
        .describe("Time between two checks. A new task counts as running after its first good one."),
      timeout: duration(1).default("5s").describe("How long a check may take."),
      retries: count(1).default(3).describe("Failures in a row after which a task is replaced."),
      startPeriod: duration(0).default("10s").describe("Time after the start in which failures don't count."),
    })
    .prefault({})
    .describe("The health check, GET / inside the container."),
  stopGrace: duration(1)
    .optional()
    .describe("How long a task may take to end. It must be longer than registry.drainTimeout. Default: that plus 10s."),
  update,
  timeout: duration(1)
    .default("5m")
    .describe("Longest wait for the tasks to run, when the service is created and at each update."),
  redisCache: z
    .strictObject({
      image: name.describe("Image with redis-server and redis-cli, with its version, for example redis:8.2.1."),
      memory: z.int().min(16).default(64).describe("How much it keeps, in MiB."),
      encrypted: z
        .boolean()
        .default(false)
        .describe("Encrypt the traffic between nodes. To change it, remove the cache first."),
    })
    .optional()
    .describe(
      "A Redis service in which all replicas keep descriptions of layers, so that a deletion by one is known to all. Sets registry.cache. Default: none.",
    ),
  files: z
    .record(containerPath, z.string().min(1))
    .default({})
    .describe(
      "Public files in the containers: a map from path to content, for example the CA of an S3 server as /etc/ssl/certs/s3.pem. They are swarm configs, which everybody can read.",
    ),
});

export type ServiceInputs = z.infer<typeof serviceInputs>;
