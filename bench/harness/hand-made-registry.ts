import { randomBytes } from "node:crypto";
import { startRegistry, type TestRegistry } from "../../test/support/start-registry.ts";
import { issueTestCertificate, makeTestAuthority } from "../../test/support/test-certificates.ts";
import type { Bench } from "./bench.ts";
import type { ReachableRegistry } from "./registry-client.ts";

/** A registry with TLS and one user, made without the kit; `cost` is that of its bcrypt hash, `storage` that of config.yml. */
export async function startHandMadeRegistry(
  bench: Bench,
  { cost, storage }: { cost: number; storage?: object },
): Promise<ReachableRegistry & { authority: string }> {
  const authority = await makeTestAuthority("Bench CA");
  const tls = await issueTestCertificate(authority, ["127.0.0.1"]);
  const user = { name: "bench", password: randomBytes(8).toString("hex") };
  const { port } = await noted(
    bench,
    startRegistry({ tls, cost, users: { [user.name]: user.password }, ...(storage ? { storage } : {}) }),
  );
  return { port, user, authority: authority.certificate };
}

/** A registry without TLS and users: its port on 127.0.0.1, and its address for other containers. */
export async function startBareRegistry(bench: Bench): Promise<Pick<TestRegistry, "port" | "address">> {
  return await noted(bench, startRegistry());
}

async function noted(bench: Bench, starting: Promise<TestRegistry>): Promise<TestRegistry> {
  const registry = await starting;
  bench.leftovers.add(`registry ${registry.name}`, async () => await registry[Symbol.asyncDispose]());
  return registry;
}
