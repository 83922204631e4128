import { findStorageProblem } from "../../scripts/proof/find-storage-problem.ts";
import { createProofContext } from "../../scripts/proof/proof-context.ts";
import type { StoreRegistry } from "./store-registry.ts";

/** What the proof after `up` would say about a registry's storage. */
export async function storageProblemOf({ url, registry }: StoreRegistry): Promise<string | undefined> {
  const target = {
    hosts: ["127.0.0.1"],
    port: Number(new URL(url).port),
    tls: undefined,
    users: [],
    container: { id: registry.name, docker: {} },
    docker: {},
    secrets: [],
  };
  const signal = AbortSignal.timeout(30_000);
  return findStorageProblem(await createProofContext(target, 3_000, signal), signal);
}
