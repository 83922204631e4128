import type * as pulumi from "@pulumi/pulumi";
import type { CacheOutputs } from "./caches/make.ts";
import type { RegistryOutputs } from "./registry/outputs.ts";
import type { TrustedNode } from "./trust/make.ts";

/** What `pulumi stack output` shows: of the registry nothing where the settings have none. */
export interface StackOutputs extends Partial<RegistryOutputs> {
  hosts: string[];
  /** Address of the Docker host that the ports are published on. */
  address: string;
  /** PEM of the authority that daemons must trust; undefined without TLS. */
  caCertificate?: pulumi.Output<string>;
  /** When the server certificate ends, ISO 8601; undefined without TLS. */
  certificateExpires?: pulumi.Output<string>;
  /** What must never be seen from outside, beside the passwords; `verify` looks for it. Secret. */
  guarded: pulumi.Output<string[]>;
  /** The nodes that trust it, as the last run left or found them. */
  nodes: TrustedNode[];
  /** With trust: swarm: the nodes whose daemons trust the registry, as the last up or refresh saw them. */
  trustedNodes?: pulumi.Output<string[]>;
  /** Name -> pull-through cache. */
  caches?: Record<string, CacheOutputs>;
}
