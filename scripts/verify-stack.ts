import type { DockerHost } from "../components/docker-host/docker-host.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { formatCheck, formatSum, isProven, proofAsJson } from "./proof/format-proof.ts";
import { proveRegistry } from "./proof/prove-registry.ts";
import { proofTarget } from "./proof-target.ts";
import type { DeployedStack } from "./stack-outputs.ts";

/** Proves a deployed stack, shows each check as it ends, and returns the exit code: 1 when one failed. */
export async function verifyStack(stack: DeployedStack, docker: DockerHost, json: boolean): Promise<number> {
  const show = (line: string) => process.stdout.write(`${line}\n`);
  const results = await proveRegistry(await proofTarget(stack, docker), (result) => json || show(formatCheck(result)), {
    signal: interruptSignal(),
  });
  show(json ? proofAsJson(results).trimEnd() : formatSum(results, process.stdout));
  return isProven(results) ? 0 : 1;
}
