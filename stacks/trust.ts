import type * as pulumi from "@pulumi/pulumi";
import { DaemonConfiguration } from "../components/nodes/daemon/daemon-configuration.ts";
import { NodeTrust } from "../components/nodes/node-trust.ts";
import { registryName } from "../components/nodes/registry-name.ts";
import type { TrustFile } from "../components/nodes/trust-state.ts";
import type { Certificates } from "./certificates.ts";
import { isLoopback } from "./host-name.ts";
import type { Settings } from "./settings.ts";
import type { TrustNode } from "./trust-nodes.ts";
import { trustNodes } from "./trust-nodes.ts";

/** A node as `npm run status` shows it. */
export interface TrustedNode {
  name: string;
  /** `local`, `host:port`. */
  address: string;
  /** The files that its clients read, as last seen. */
  files?: pulumi.Output<TrustFile[]>;
  /** What is not as it should be with its daemon.json, one sentence each, as last seen. */
  daemonDrift?: pulumi.Output<string[]>;
  /** When the first of the certificates that it has ends, ISO 8601. */
  certificateExpires?: pulumi.Output<string | undefined>;
}

/** Makes the daemons that the settings name trust the registry. @param certificates undefined: it has no TLS. */
export function makeTrust(
  settings: Settings,
  certificates: Certificates | undefined,
  opts: pulumi.CustomResourceOptions,
): TrustedNode[] {
  return trustNodes(settings.trust).flatMap((node) => trustOn(node, settings, certificates, opts) ?? []);
}

function trustOn(
  node: TrustNode,
  { hosts, port, trust }: Settings,
  certificates: Certificates | undefined,
  opts: pulumi.CustomResourceOptions,
): TrustedNode | undefined {
  const { name, clients, certsDirectory, ...place } = node;
  const suffix = name === undefined ? "" : `-${name}`;
  const { adopt = false, insecureRegistries = [], mirrors = {} } = typeof trust === "string" ? {} : trust;
  const directory = certsDirectory ? { certsDirectory } : {};
  const isDockerAlone = clients !== "detect" && clients.every((client) => client === "docker");
  const certificate = certificates ? { certificatePem: certificates.authorityCertificatePem } : { insecure: true };
  const others = isDockerAlone ? {} : { mirrors };
  const nodeTrust =
    certificates || !isDockerAlone
      ? new NodeTrust(
          `registry-trust${suffix}`,
          { ...place, clients, ...directory, hosts, port, ...certificate, ...others, adopt },
          opts,
        )
      : undefined;

  // Docker uses loopback addresses without TLS whatever is said.
  const plain = certificates ? [] : hosts.filter((host) => !isLoopback(host)).map((host) => registryName(host, port));
  const entries = {
    insecureRegistries: [...new Set([...plain, ...insecureRegistries])],
    registryMirrors: mirrors["docker.io"] ?? [],
  };
  const hasDocker = clients === "detect" || clients.includes("docker");
  const daemon =
    hasDocker && entries.insecureRegistries.length + entries.registryMirrors.length > 0
      ? new DaemonConfiguration(
          `registry-daemon${suffix}`,
          { ...place, ...entries, ifPresent: clients === "detect" },
          opts,
        )
      : undefined;
  if (!nodeTrust && !daemon) return undefined;
  const { connection } = place;
  return {
    name: name ?? "local",
    address: connection.type === "local" ? "local" : `${connection.host}:${connection.port}`,
    ...(nodeTrust ? { files: nodeTrust.files, certificateExpires: nodeTrust.certificateExpires } : {}),
    ...(daemon ? { daemonDrift: daemon.drift } : {}),
  };
}
