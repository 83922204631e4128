import type { DockerHost } from "../components/docker-host/docker-host.ts";
import type { ProofTarget } from "./proof/proof-target.ts";
import type { DeployedStack } from "./stack-outputs.ts";

/** What is to be proven of a deployed stack. */
export function proofTarget(stack: DeployedStack, docker: DockerHost): ProofTarget {
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
    ...(containerId === undefined ? {} : { container: { id: containerId, docker } }),
    // The daemon of this machine pushes and pulls, as a client would.
    docker: {},
    acceptsPushes,
    secrets: guarded,
  };
}
