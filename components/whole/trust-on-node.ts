import * as pulumi from "@pulumi/pulumi";
import { DaemonConfiguration } from "../daemon-json/daemon-configuration.ts";
import { StackIdentity } from "../daemon-json/stack-identity.ts";
import { isLoopback } from "../machines/is-loopback.ts";
import type { NodeConnection } from "../machines/node-connection.ts";
import type { SshLogin } from "../machines/ssh/ssh-login.ts";
import type { ClientName } from "../trust/client-name.ts";
import { NodeTrust } from "../trust/node-trust.ts";
import { registryName } from "../trust/registry-name.ts";
import { nodeState } from "../trust/trust-state.ts";

/** A registry or a cache: a name of its own to every client, as ports are a part of names. */
export interface Served {
  /** What the names of its trust begin with. */
  name: string;
  port: pulumi.Input<number>;
  /** What runs there, once all of its resources are on their way. */
  resource: Promise<pulumi.Resource>;
}

/** A node, and the clients on it. */
export interface TrustingNode {
  connection: NodeConnection;
  login?: Partial<SshLogin>;
  clients: "detect" | ClientName[];
  rootless?: boolean;
  certsDirectory?: string;
}

export interface Trusted {
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  served: Served[];
  /** PEM of the authority. Undefined: there is no TLS, and the daemons are told so; then the hosts must be plain. */
  certificatePem: pulumi.Input<string> | undefined;
  /** Whether a different ca.crt may be replaced. */
  adopt: boolean;
  /** Registry -> URLs of its mirrors. */
  mirrors: Record<string, string[]>;
  /** Other registries that the daemons use without TLS. */
  insecureRegistries: string[];
}

export interface Common {
  /** What the name of the resource for daemon.json begins with. */
  name: string;
  /** What the names of its resources end with: `-NODE`, or nothing. */
  suffix: string;
  /** What tells this stack from others on a node, made where it is needed. */
  stack: () => pulumi.Output<string>;
  opts: pulumi.CustomResourceOptions;
}

/** A node that trusts what is served, as last seen. */
export interface MadeTrust {
  /** `in place`, or what is not as it should be. The resources on the node know more: each file, and what was there before. */
  state: pulumi.Output<string>;
  /** When the first of the certificates that it has ends, ISO 8601. */
  certificateExpires?: pulumi.Output<string | undefined>;
}

/** {@link Common.stack}, by a resource that is made when it is first asked for. */
export function stackIdentity(name: string, opts: pulumi.CustomResourceOptions): () => pulumi.Output<string> {
  let identity: StackIdentity | undefined;
  return () => {
    identity ??= new StackIdentity(name, opts);
    return identity.uuid;
  };
}

/** Makes the clients of a node trust what is served; undefined where there is nothing to do. */
export function trustOnNode(
  { clients, certsDirectory, ...place }: TrustingNode,
  { hosts, served, certificatePem, adopt, mirrors, insecureRegistries }: Trusted,
  { name, suffix, stack, opts }: Common,
): MadeTrust | undefined {
  const directory = certsDirectory ? { certsDirectory } : {};
  const isDockerAlone = clients !== "detect" && clients.every((client) => client === "docker");
  const certificate = certificatePem === undefined ? { insecure: true } : { certificatePem };
  const trusted = certificatePem !== undefined || !isDockerAlone ? served : [];
  const nodeTrusts = trusted.map(({ name, port, resource }, index) => {
    // Said once on a node.
    const others = isDockerAlone || index > 0 ? {} : { mirrors };
    const args = { ...place, clients, ...directory, hosts, port, ...certificate, ...others, adopt };
    return new NodeTrust(`${name}-trust${suffix}`, args, { ...opts, dependsOn: resource });
  });

  const plain = certificatePem === undefined ? plainRegistries(hosts, served) : [];
  const registryMirrors = mirrors["docker.io"] ?? [];
  const hasDocker = clients === "detect" || clients.includes("docker");
  const daemon =
    hasDocker && plain.length + insecureRegistries.length + registryMirrors.length > 0
      ? new DaemonConfiguration(
          `${name}-daemon${suffix}`,
          {
            ...place,
            insecureRegistries: uniqueTexts([...plain, ...insecureRegistries]),
            registryMirrors,
            ifPresent: clients === "detect",
            stack: stack(),
          },
          // A mirror that is not trusted yet would be passed by.
          { ...opts, dependsOn: nodeTrusts.length > 0 ? nodeTrusts : served.map(({ resource }) => resource) },
        )
      : undefined;
  const [first] = nodeTrusts;
  if (!first && !daemon) return undefined;
  const files = pulumi.all(nodeTrusts.map((trust) => trust.files)).apply((lists) => lists.flat());
  const leftOut = pulumi
    .all(nodeTrusts.map((trust) => trust.leftOut))
    .apply((lists) => lists.flatMap((list) => list ?? []));
  const state = pulumi
    .all([files, leftOut, daemon?.leftOut, daemon?.drift ?? []])
    .apply(([all, missing, entries = [], drift]) => nodeState(all, [...missing, ...entries], drift));
  return { state, ...(first ? { certificateExpires: first.certificateExpires } : {}) };
}

/** What dockerd must be told of hosts without TLS. It uses loopback addresses so whatever is said. */
function plainRegistries(hosts: Trusted["hosts"], served: Served[]): pulumi.Input<string>[] {
  const known = Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
  const distant = known.filter((host) => !isLoopback(host));
  return served.flatMap(({ port }) =>
    distant.map((host) =>
      typeof port === "number"
        ? registryName(host, port)
        : pulumi.output(port).apply((known) => registryName(host, known)),
    ),
  );
}

function uniqueTexts(texts: pulumi.Input<string>[]): pulumi.Input<string>[] {
  return [...new Set(texts)];
}
