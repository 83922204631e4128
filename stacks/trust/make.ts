import type * as pulumi from "@pulumi/pulumi";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import type { Certificates } from "../../components/whole/certificates.ts";
import { type MadeTrust, type Served, stackIdentity, trustOnNode } from "../../components/whole/trust-on-node.ts";
import { registryUrl } from "../registry/registry-url.ts";
import type { Settings } from "../settings/settings.ts";
import { mirrorHost } from "./mirror-host.ts";
import { trustNodes } from "./trust-nodes.ts";

/** A node as `npm run status` shows it. */
export interface TrustedNode extends MadeTrust {
  name: string;
  /** `local`, `host:port`. */
  address: string;
}

/** Makes the daemons that the settings name trust what the stack serves. @param certificates undefined: it has no TLS. */
export function makeTrust(
  settings: Settings,
  served: Served[],
  certificates: Certificates | undefined,
  provider: pulumi.ProviderResource,
): TrustedNode[] {
  const stack = stackIdentity("registry-identity", { provider });
  const { hosts, trust } = settings;
  const { adopt = false, insecureRegistries = [] } = typeof trust === "string" ? {} : trust;
  return trustNodes(trust).flatMap(({ name, ...node }) => {
    const { connection } = node;
    const mirrors = mirrorsOf(settings, mirrorHost(settings, connection));
    const certificatePem = certificates?.authorityCertificatePem;
    const trusted = { hosts, served, certificatePem, adopt, mirrors, insecureRegistries };
    const suffix = name === undefined ? "" : `-${name}`;
    const made = trustOnNode(node, trusted, { name: "registry", suffix, stack, opts: { provider } });
    const address = connection.type === "local" ? "local" : `${connection.host}:${connection.port}`;
    return made ? [{ name: name ?? "local", address, ...made }] : [];
  });
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
