import { checkClientCertificate } from "../../components/certificates/check-client-certificate.ts";
import { checkProvidedCertificate } from "../../components/certificates/check-provided-certificate.ts";
import { durationMilliseconds } from "../../components/certificates/duration.ts";
import { longestServerLifetime } from "../../components/certificates/issue-server-certificate.ts";
import { isPermitted } from "../../components/certificates/name-constraints.ts";
import { windowProblems } from "../../components/certificates/renewal.ts";
import { isLoopback } from "../../components/nodes/is-loopback.ts";
import { filesVolumeName, registryPort } from "../../components/registry/layout.ts";
import type { Problem } from "../../components/validation/describe-issues.ts";
import { publishedAddress, unreachableHosts } from "../published-address.ts";
import type { Settings } from "../settings.ts";
import { cacheRules } from "./cache-problems.ts";
import { missingFiles } from "./file-problems.ts";
import { keep, type Rule } from "./rule.ts";
import { serviceRules } from "./service-problems.ts";
import { trustRules } from "./trust-problems.ts";

const rules: Rule[] = [
  clearPasswords,
  withoutTls,
  providedCertificate,
  clientCertificate,
  clientsOnLoopback,
  authorityWindow,
  unsignedHosts,
  certificateWindow,
  serverLifetime,
  addressProblems,
  filesVolume,
  partProblems,
  debugPort,
  missingFiles,
  throwAway,
  ...cacheRules,
  ...serviceRules,
  ...trustRules,
];

/** Settings that are each allowed but don't go together. @param settings what is known of them */
export function crossProblems(settings: Settings, now: Date): Problem[] {
  return rules.flatMap((rule) => keep(() => rule(settings, now)));
}

function clearPasswords({ tls, users, registry }: Settings): Problem[] {
  if (tls !== "none" || users === "none" || registry === "none") return [];
  const reason =
    'is none, but there are users: passwords would cross the network in plain text. Leave out "tls: none", or set users to none.';
  return [{ path: "tls", reason }];
}

function withoutTls({ tls, insecure }: Settings): Problem[] {
  if (tls !== "none" || insecure === "i-understand") return [];
  const reason =
    'is not set, and tls is none: anyone on the way could read and change images (CIS Docker Benchmark 2.5, 2.4 in older editions). Leave out "tls: none", or set insecure to i-understand.';
  return [{ path: "insecure", reason }];
}

function unsignedHosts({ tls, hosts }: Settings): Problem[] {
  if (tls === "none" || tls.provided || !tls.authority.permitted) return [];
  const { permitted } = tls.authority;
  return hosts
    .filter((host) => !isPermitted(host, permitted))
    .map((host) => ({
      path: "tls.authority.permitted",
      reason: `has no place for the host ${host}: the authority could not sign for it. Add it, its domain or its network (every daemon must then get the new authority).`,
    }));
}

function providedCertificate({ tls, hosts }: Settings, now: Date): Problem[] {
  if (tls === "none" || !tls.provided) return [];
  const { certificate, privateKey, chain } = tls.provided;
  const settingOf: Record<string, string> = {
    certificatePem: "certificate",
    privateKeyPem: "privateKey",
    chainPem: "chain",
  };
  const given = { certificatePem: certificate, privateKeyPem: privateKey, chainPem: chain, keyPlace: "privateKey" };
  return checkProvidedCertificate({ ...given, hosts, now }).map(({ property, reason }) => ({
    path: `tls.provided.${settingOf[property]}`,
    reason,
  }));
}

function clientCertificate({ tls, registry }: Settings, now: Date): Problem[] {
  if (tls === "none" || !tls.clients || registry === "none") return [];
  return checkClientCertificate(tls.clients, now).map(({ property, reason }) => ({
    path: `tls.clients.${property}`,
    reason,
  }));
}

/** `newTLSConfig` in moby's registry/registry.go reads certs.d for secure registries alone. */
function clientsOnLoopback({ tls, hosts, registry }: Settings): Problem[] {
  if (tls === "none" || !tls.clients || registry === "none") return [];
  const loopback = hosts.filter(isLoopback);
  if (loopback.length === 0) return [];
  const reason = `is set, and Docker sends no client certificate to loopback addresses (${loopback.join(", ")}). Name the registry by a name or an address of the network, or leave tls.clients out.`;
  return [{ path: "tls.clients", reason }];
}

function authorityWindow({ tls }: Settings): Problem[] {
  if (tls === "none" || tls.provided) return [];
  return windowProblems(tls.authority.lifetime, tls.authority.renewBefore).map(({ property, reason }) => ({
    path: `tls.authority.${property}`,
    reason,
  }));
}

function certificateWindow({ tls }: Settings): Problem[] {
  if (tls === "none" || tls.provided) return [];
  return windowProblems(tls.certificate.lifetime, tls.certificate.renewBefore).map(({ property, reason }) => ({
    path: `tls.certificate.${property}`,
    reason,
  }));
}

function serverLifetime({ tls }: Settings): Problem[] {
  if (tls === "none" || tls.provided) return [];
  const { lifetime } = tls.certificate;
  if (durationMilliseconds(lifetime) <= durationMilliseconds(longestServerLifetime)) return [];
  return [
    { path: "tls.certificate.lifetime", reason: `is ${lifetime}; clients refuse more than ${longestServerLifetime}.` },
  ];
}

function addressProblems(settings: Settings): Problem[] {
  if (settings.service) return [];
  const address = publishedAddress(settings);
  const unreachable = unreachableHosts(settings);
  if (unreachable.length === 0) return [];
  const limit = isLoopback(address)
    ? "which only this machine reaches"
    : "the one address that the port is published on";
  return [
    { path: "address", reason: `is ${address}, ${limit}; it does not serve the hosts ${unreachable.join(", ")}.` },
  ];
}

function filesVolume({ name, storage, service }: Settings): Problem[] {
  // The volume with the configuration goes with the registry: images in it would go, too.
  if (service || !("volume" in storage) || storage.volume.name !== filesVolumeName(name)) return [];
  return [
    {
      path: "storage.volume.name",
      reason: `is ${storage.volume.name}, the volume of the registry's configuration, which teardown removes. Choose another name.`,
    },
  ];
}

/** A buffer of the driver grows to two parts, and a push makes five uploads at once (dockerd's max-concurrent-uploads). */
function partProblems({ storage, container, service }: Settings): Problem[] {
  const size = "aws" in storage ? storage.aws.driver.chunkSize : partOf(storage);
  const [place, memory] = service ? ["service.memory", service.memory] : ["container.memory", container?.memory];
  if (size === undefined || memory === undefined) return [];
  const most = Math.floor((memory * 1024 * 1024) / 10);
  if (size <= most) return [];
  return [
    {
      path: `storage.${"aws" in storage ? "aws" : "s3"}.chunkSize`,
      reason: `is ${size}; with ${place} ${memory} it can be at most ${most}, as a push keeps up to ten parts in memory.`,
    },
  ];
}

function partOf(storage: Settings["storage"]): number | undefined {
  return "objects" in storage && storage.objects.driver === "s3" ? storage.objects.chunkSize : undefined;
}

function debugPort({ registry }: Settings): Problem[] {
  if (registry === "none" || registry.debug?.port !== registryPort) return [];
  return [
    {
      path: "registry.debug.port",
      reason: `is ${registryPort}, the registry's own port inside the container. Choose another port.`,
    },
  ];
}

/** What else a stack has carries no labels of a throw-away one, and stays forever once its state is lost. */
function throwAway({ ephemeral, service, caches, registry }: Settings): Problem[] {
  if (!ephemeral) return [];
  const wrong = registry === "none" ? "no registry" : service ? "service" : Object.keys(caches).length > 0 && "caches";
  if (!wrong) return [];
  const reason = `is set beside ${wrong}: a throw-away stack is one registry in a container, reap would leave the rest. Take ${wrong === "no registry" ? "registry: none" : wrong} out, or ephemeral.`;
  return [{ path: "ephemeral", reason }];
}
