import type * as pulumi from "@pulumi/pulumi";
import type { NetworkKey } from "../swarm/joined-networks.ts";

/** How a registry runs in a swarm. Durations are as Docker writes them: `30s`, `5m`. */
export interface ServiceOptions {
  /** How many tasks, or one on every node that the constraints allow. A change from or to `global` replaces the service. */
  replicas: number | "global";
  /** `ingress`: the routing mesh, on every node of the swarm; `host`: only on the nodes that run a task. */
  publish: "ingress" | "host";
  /** An overlay network that is made for the service, and goes with it. A change replaces it, and needs another name. */
  network?: { name: string; attachable: boolean; encrypted: boolean } | undefined;
  /** Names or ids of other overlay networks that tasks join, too. */
  networks: pulumi.Input<string>[];
  /** By what the service names them. A change replaces it. */
  networkKey: NetworkKey;
  placement: { constraints: string[]; preferences: string[]; maxPerNode?: number | undefined };
  /** Limits of a task. */
  limits: Amounts & { memory: number };
  /** What a node must have free to get a task. */
  reservations: Amounts;
  restart: {
    condition: "any" | "on-failure" | "none";
    delay: string;
    attempts?: number | undefined;
    window?: string | undefined;
  };
  /** Numeric `uid:gid`. */
  user: string;
  /**
   * What happens to the volume on its node. "give": an empty one is given to the user, who must be able to write any other. "keep": one
   * that holds something keeps its owner, and the service runs as that one. Absent: nothing; the user must be able to write it.
   */
  volumeOwner?: "give" | "keep" | undefined;
  logs: { driver: string; options: Record<string, string> };
  /** Of the service, for proxies and the like; changed in place. */
  labels: Record<string, string>;
  /** Of every container, changed only by replacing the service. */
  containerLabels: Record<string, string>;
  health: { interval: string; timeout: string; retries: number; startPeriod: string };
  /** How long a task may take to end. Must be longer than `drainTimeout`. */
  stopGrace: string;
  update: Rollout & { order: "stop-first" | "start-first" };
  /** The longest wait for the tasks to run, when the service is made and at each update. */
  timeout: string;
  /** Public files in the containers, such as the CA certificate of an S3 server: absolute path -> content. Swarm configs. */
  files: Record<string, string>;
}

interface Amounts {
  /** MiB. */
  memory?: number | undefined;
  cpus?: number | undefined;
}

interface Rollout {
  parallelism: number;
  delay: string;
  monitor: string;
  /** Share of tasks, 0 to 1, that may fail before the update is rolled back. */
  maxFailureRatio: number;
}
