import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { Deployment } from "../session/deployment.ts";
import { interruptSignal } from "../terminal/interrupt-signal.ts";
import { addResult, printResult } from "../terminal/json-result.ts";
import { nameProgress, withProgress } from "../terminal/progress.ts";
import { complain, show, verbosity } from "../terminal/terminal.ts";
import { formatCheck, formatSum, isProven, proofDocument } from "./format-proof.ts";
import type { CheckResult } from "./proof-target.ts";
import { proveRegistry } from "./prove-registry.ts";
import { cacheTarget, proofTarget } from "./stack-proof-target.ts";

/**
 * Proves a deployed stack, shows each check as it ends, and returns the exit code: 1 when one failed.
 *
 * @param length "short": after a change. Only what failed is shown, and what users pushed can only be a warning
 */
export async function verifyStack(
  { registry, caches }: Deployment,
  docker: DockerHost,
  json: boolean,
  length: "long" | "short" = "long",
): Promise<number> {
  const isShown = ({ ok }: CheckResult) =>
    length === "long" || verbosity() === "verbose" || ok === false || ok === "warning";
  const parts = [
    ...(registry ? [{ prefix: "", target: await proofTarget(registry, docker) }] : []),
    ...(await Promise.all(
      caches.map(async (cache) => ({ prefix: `${cache.name}: `, target: await cacheTarget(cache, docker) })),
    )),
  ];
  const results: CheckResult[] = [];
  for (const { prefix, target } of parts) {
    const report = (found: CheckResult) => {
      const result = { ...found, name: `${prefix}${found.name}` };
      results.push(result);
      nameProgress(`Proving: ${result.name}`);
      if (json || !isShown(result)) return;
      if (result.ok === false || result.ok === "warning") complain(formatCheck(result));
      else show(formatCheck(result));
    };
    await withProgress("Proving it", () =>
      proveRegistry(target, report, { signal: interruptSignal(), afterUp: length === "short" }),
    );
  }
  const proof = proofDocument(results);
  if (json && length === "short") addResult({ proof });
  else if (json) printResult(proof);
  else
    (isProven(results) ? show : complain)(
      `${length === "short" ? "Proof: " : ""}${formatSum(results, process.stdout)}`,
    );
  return isProven(results) ? 0 : 1;
}
