import * as pulumi from "@pulumi/pulumi";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import { DaemonConfiguration } from "../../components/daemon-json/daemon-configuration.ts";
import { StackIdentity } from "../../components/daemon-json/stack-identity.ts";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { NodeTrust } from "../../components/trust/node-trust.ts";
import { registryName } from "../../components/trust/registry-name.ts";
import { nodeState } from "../../components/trust/trust-state.ts";
import type { Certificates } from "../certificates/make.ts";
import { registryUrl } from "../registry/registry-url.ts";
import type { Settings } from "../settings/settings.ts";
import { mirrorHost } from "./mirror-host.ts";
import type { TrustNode } from "./trust-nodes.ts";
import { trustNodes } from "./trust-nodes.ts";

/** A node as `npm run status` shows it. */
export interface TrustedNode {
  name: string;
  /** `local`, `host:port`. */
  address: string;
  /** `in place`, or what is not as it should be, as last seen. The resources on the node know more: each file, and what was there before. */
  state: pulumi.Output<string>;
  /** When the first of the certificates that it has ends, ISO 8601. */
  certificateExpires?: pulumi.Output<string | undefined>;
}

/** A registry or a cache that the stack serves: a name of its own to every client, as ports are a part of names. */
export interface Served {
  /** What the names of its trust begin with. */
  name: string;
  port: number;
  /** What runs there, once all of its resources are on their way. */
  resource: Promise<pulumi.Resource>;
}

/** Makes the daemons that the settings name trust what the stack serves. @param certificates undefined: it has no TLS. */
export function makeTrust(
  settings: Settings,
  served: Served[],
  certificates: Certificates | undefined,
  provider: pulumi.ProviderResource,
): TrustedNode[] {
  let identity: StackIdentity | undefined;
  const stack = () => {
    identity ??= new StackIdentity("registry-identity", { provider });
    return identity.uuid;
  };
  return trustNodes(settings.trust).flatMap(
    (node) => trustOn(node, settings, served, certificates, { provider, stack }) ?? [],
  );
}

interface Common {
  provider: pulumi.ProviderResource;
  /** What tells this stack from others on a node, made where it is needed. */
  stack: () => pulumi.Output<string>;
}

function trustOn(
  node: TrustNode,
  settings: Settings,
  served: Served[],
  certificates: Certificates | undefined,
  { provider, stack }: Common,
): TrustedNode | undefined {
  const { hosts, trust } = settings;
  const { name, clients, certsDirectory, ...place } = node;
  const suffix = name === undefined ? "" : `-${name}`;
  const { adopt = false, insecureRegistries = [] } = typeof trust === "string" ? {} : trust;
  const mirrors = mirrorsOf(settings, mirrorHost(settings, place.connection));
  const directory = certsDirectory ? { certsDirectory } : {};
  const isDockerAlone = clients !== "detect" && clients.every((client) => client === "docker");
  const certificate = certificates ? { certificatePem: certificates.authorityCertificatePem } : { insecure: true };
  const trusted = certificates || !isDockerAlone ? served : [];
  const nodeTrusts = trusted.map(({ name, port, resource }, index) => {
    // Said once on a node.
    const others = isDockerAlone || index > 0 ? {} : { mirrors };
    const args = { ...place, clients, ...directory, hosts, port, ...certificate, ...others, adopt };
    return new NodeTrust(`${name}-trust${suffix}`, args, { provider, dependsOn: resource });
  });

  // Docker uses loopback addresses without TLS whatever is said.
  const distant = certificates ? [] : hosts.filter((host) => !isLoopback(host));
  const plain = served.flatMap(({ port }) => distant.map((host) => registryName(host, port)));
  const entries = {
    insecureRegistries: [...new Set([...plain, ...insecureRegistries])],
    registryMirrors: mirrors["docker.io"] ?? [],
  };
  const hasDocker = clients === "detect" || clients.includes("docker");
  const daemon =
    hasDocker && entries.insecureRegistries.length + entries.registryMirrors.length > 0
      ? new DaemonConfiguration(
          `registry-daemon${suffix}`,
          { ...place, ...entries, ifPresent: clients === "detect", stack: stack() },
          // A mirror that is not trusted yet would be passed by.
          { provider, dependsOn: nodeTrusts.length > 0 ? nodeTrusts : served.map(({ resource }) => resource) },
        )
      : undefined;
  const [first] = nodeTrusts;
  if (!first && !daemon) return undefined;
  const { connection } = place;
  const files = pulumi.all(nodeTrusts.map((trust) => trust.files)).apply((lists) => lists.flat());
  const leftOut = pulumi
    .all(nodeTrusts.map((trust) => trust.leftOut))
    .apply((lists) => lists.flatMap((list) => list ?? []));
  const state = pulumi
    .all([files, leftOut, daemon?.leftOut, daemon?.drift ?? []])
    .apply(([all, missing, entries = [], drift]) => nodeState(all, [...missing, ...entries], drift));
  return {
    name: name ?? "local",
    address: connection.type === "local" ? "local" : `${connection.host}:${connection.port}`,
    state,
    ...(first ? { certificateExpires: first.certificateExpires } : {}),
  };
}

/** Registry -> its mirrors: the stack's own caches that serve as one, by one of their hosts, then those that the settings name. */
function mirrorsOf(settings: Settings, host: string | undefined): Record<string, string[]> {
  const { caches, trust } = settings;
  const mirrors: Record<string, string[]> = {};
  for (const { upstream, port, mirror } of Object.values(caches)) {
    const registry = upstream === dockerHub ? "docker.io" : new URL(upstream).host;
    if (mirror) mirrors[registry] = [...(mirrors[registry] ?? []), registryUrl(settings, port, host)];
  }
  const { mirrors: named = {} } = typeof trust === "string" ? {} : trust;
  for (const [registry, urls] of Object.entries(named)) mirrors[registry] = [...(mirrors[registry] ?? []), ...urls];
  return mirrors;
}
