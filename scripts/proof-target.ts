import type { DockerHost } from "../components/docker-host/docker-host.ts";
import type { ProofTarget } from "./proof/proof-target.ts";
import type { DeployedCache, DeployedService } from "./stack-outputs.ts";

/** What is to be proven of a deployed registry. */
export function proofTarget(stack: DeployedService, docker: DockerHost): ProofTarget {
  const { hosts, port, address, caCertificate, certificateExpires, passwords, containerId, acceptsPushes, guarded } =
    stack;
  return {
    hosts,
    port,
    address: address.replace(/^0\.0\.0\.0$/, "127.0.0.1").replace(/^::$/, "::1"),
    tls:
      caCertificate && certificateExpires
        ? { authorityCertificatePem: caCertificate, certificateNotAfter: certificateExpires }
        : undefined,
    users: Object.entries(passwords).map(([name, password]) => ({ name, password })),
    container: { id: containerId, docker },
    // The daemon of this machine pushes and pulls, as a client would.
    docker: {},
    acceptsPushes,
    secrets: guarded,
  };
}

/** What is to be proven of a deployed cache. */
export function cacheTarget(cache: DeployedCache, docker: DockerHost): ProofTarget {
  return { ...proofTarget(cache, docker), upstream: { url: cache.upstream, probe: cache.probe } };
}
