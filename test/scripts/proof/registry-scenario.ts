import { X509Certificate } from "node:crypto";
import type { CheckResult, ProofTarget } from "../../../scripts/proof/proof-target.ts";
import { type ProofOptions, proveRegistry } from "../../../scripts/proof/prove-registry.ts";
import { startRegistry, type TestRegistry, type TestRegistryOptions } from "../../support/start-registry.ts";
import { issueTestCertificate, makeTestAuthority, type TestCertificate } from "../../support/test-certificates.ts";

export interface Scenario extends AsyncDisposable {
  registry: TestRegistry;
  authority: TestCertificate;
  server: TestCertificate;
  /** What a correct stack would say about this registry. */
  target: ProofTarget;
}

export interface ScenarioOptions extends Omit<TestRegistryOptions, "tls"> {
  /** @default 127.0.0.1 and localhost */
  certificateHosts?: string[];
  certificateDays?: number;
}

/** Special characters, as people use them; the second is longer than a generated one. */
export const users = { moby: "p[&#%:\"'$ö word", gordon: "0123456789-gordon-0123456789" };

/** A registry with TLS and two users, in order but for what the options say. */
export async function startScenario({
  certificateHosts = ["127.0.0.1", "localhost"],
  certificateDays = 1,
  ...options
}: ScenarioOptions = {}): Promise<Scenario> {
  const authority = await makeTestAuthority();
  const server = await issueTestCertificate(authority, certificateHosts, { days: certificateDays });
  const registry = await startRegistry({ users, ...options, tls: server });
  const target: ProofTarget = {
    hosts: ["127.0.0.1", "localhost"],
    port: registry.port,
    tls: {
      authorityCertificatePem: authority.certificate,
      certificateNotAfter: new X509Certificate(server.certificate).validTo,
    },
    users: Object.entries(users).map(([name, password]) => ({ name, password })),
    container: { id: registry.id, docker: {} },
    docker: {},
    secrets: [server.key, registry.httpSecret, ...registry.htpasswd],
  };
  return { registry, authority, server, target, [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose]() };
}

/** Proves a target and returns the results by name: `ok`, `FAILED` or `skipped`, then what was seen. */
export async function prove(target: ProofTarget, options: ProofOptions = {}): Promise<Record<string, string>> {
  const results = await proveRegistry(target, () => {}, { patience: 3_000, ...options });
  return Object.fromEntries(results.map((result) => [result.name, `${verdict(result)}: ${result.seen}`]));
}

/** The names of all checks that have a verdict, in order. */
export function named(results: Record<string, string>, wanted: "ok" | "FAILED" | "skipped"): string[] {
  return Object.keys(results).filter((name) => results[name]?.startsWith(`${wanted}:`));
}

function verdict({ ok }: CheckResult): string {
  if (ok === "skipped") return ok;
  return ok ? "ok" : "FAILED";
}
