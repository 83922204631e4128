import type { DockerHost } from "../components/docker-host/docker-host.ts";
import { formatProof, formatProofJson } from "./proof/format-proof.ts";
import { proveRegistry } from "./proof/prove-registry.ts";
import { proofTarget } from "./proof-target.ts";
import type { DeployedStack } from "./stack-outputs.ts";

/** Proves a deployed stack, shows what was seen, and returns the exit code: 1 when a check failed. */
export async function verifyStack(stack: DeployedStack, docker: DockerHost, json: boolean): Promise<number> {
  const results = await proveRegistry(proofTarget(stack, docker), () => {});
  process.stdout.write(json ? formatProofJson(results) : formatProof(results));
  return results.every(({ ok }) => ok !== false) ? 0 : 1;
}
