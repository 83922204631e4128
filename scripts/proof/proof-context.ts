import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { registryName } from "../../components/trust/registry-name.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { ProofTarget } from "./proof-target.ts";
import { type PublishedNode, publishedNodes } from "./published-nodes.ts";
import type { Endpoint } from "./request-registry.ts";
import { bracketed } from "./server-name.ts";
import { openProofStorage, type ProofStorage } from "./storage/proof-storage.ts";

/** What the checks share. `image` is filled in as the proof goes on. */
export interface ProofContext {
  target: ProofTarget;
  /** When this proof began. */
  begun: Date;
  /** How long the registry may take to answer first, in milliseconds. */
  patience: number;
  /** The users of the settings; empty: the registry is meant for anyone. */
  userNames: string[];
  /** One for each host, in the order of the target. */
  endpoints: Endpoint[];
  /** The endpoint that all API requests use. */
  api: Endpoint;
  /** Registry names in image references (`127.0.0.1:5000`) that can be reached from here; never empty. */
  registryNames: { host: string; name: string }[];
  /** The nodes of a swarm that publish the port, as far as their manager says; empty without a service. */
  nodes: PublishedNode[];
  /** The daemon that logs in, pushes and pulls. */
  docker: Docker;
  image: ProofImage;
  /** The way to what the registry has stored. */
  storage: ProofStorage;
  /** Names of the checks so far that failed, or were skipped because another did. */
  unproven: Set<string>;
}

/** The image that is pushed and pulled. */
export interface ProofImage {
  /**
   * One repository for all proofs, and a random tag (see `push` for a registry that keeps it): where the storage cannot be reached, Distribution keeps the name of a
   * repository in its catalog after the last manifest is gone, and a random name would leave one more entry at each proof.
   */
  repository: string;
  tag: string;
  /** References that may exist on the daemon and must be removed. */
  references: Set<string>;
  /** Ids of the uploads that were begun and taken back. */
  uploads: string[];
  /** Set before the push starts: the registry may hold something of ours. */
  pushStarted: boolean;
  pushed?: { imageId: string; digest: string };
}

/** @param signal ends the look at what is there */
export async function createProofContext(
  target: ProofTarget,
  patience: number,
  signal: AbortSignal,
): Promise<ProofContext> {
  const endpoints = await Promise.all(
    target.hosts.map(async (host): Promise<Endpoint & { resolves: boolean }> => {
      const resolves = await resolvesHere(host);
      return {
        host,
        connectTo: resolves ? host : (target.address ?? host),
        port: target.port,
        authority: target.tls?.authorityCertificatePem,
        client: target.tls?.client,
        resolves,
      };
    }),
  );
  // Docker before version 24 does not parse IPv6 references: any other name comes first.
  const reachable = endpoints.filter(({ resolves }) => resolves).toSorted((a, b) => ipv6(a) - ipv6(b));
  const api = reachable[0] ?? endpoints[0];
  if (!api) throw new TypeError("a proof needs at least one host");
  const names = reachable.filter((endpoint, index) => index === 0 || !isIPv6(endpoint.host));
  const registryNames = names.map(({ host }) => ({ host, name: nameOf(host, target) }));
  return {
    target,
    begun: new Date(),
    patience,
    userNames: target.userNames ?? target.users.map(({ name }) => name),
    endpoints,
    api,
    registryNames: registryNames.length > 0 ? registryNames : [{ host: api.host, name: nameOf(api.connectTo, target) }],
    nodes: target.service ? await publishedNodes(target.service).catch(() => []) : [],
    docker: dockerClient(target.docker),
    image: {
      repository: "registry-kit-proof",
      tag: randomBytes(8).toString("hex"),
      references: new Set(),
      uploads: [],
      pushStarted: false,
    },
    storage: await openProofStorage(target, signal),
    unproven: new Set(),
  };
}

function nameOf(host: string, { port, tls }: ProofTarget): string {
  return tls ? registryName(host, port) : `${bracketed(host)}:${port}`;
}

function ipv6({ host }: Endpoint): number {
  return isIPv6(host) ? 1 : 0;
}

async function resolvesHere(host: string): Promise<boolean> {
  if (isIP(host)) return true;
  const answer = lookup(host).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, sleep(5_000, false, { ref: false })]);
}
