import type { ProofContext } from "./proof-context.ts";
import { requestRegistry } from "./request-registry.ts";

export const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/** The digest that the registry has for the proof's tag; undefined where it has no such tag. */
export async function findManifestDigest(
  { api, target, image }: ProofContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = `/v2/${image.repository}/manifests/${image.tag}`;
  const answer = await requestRegistry(
    api,
    { method: "HEAD", path, user: target.users[0], accept: manifestTypes },
    signal,
  );
  if (answer.status === 404) return undefined;
  const digest = answer.headers["docker-content-digest"];
  if (answer.status !== 200 || typeof digest !== "string") throw new Error(`HEAD ${path} answers ${answer.status}`);
  return digest;
}

/** Asks the registry to delete a manifest; answers whether it allows deletion. */
export async function deleteManifest(
  { api, target, image }: ProofContext,
  digest: string,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `/v2/${image.repository}/manifests/${digest}`;
  const { status } = await requestRegistry(api, { method: "DELETE", path, user: target.users[0] }, signal);
  if (status === 405) return false;
  if (status !== 202 && status !== 404) throw new Error(`DELETE ${path} answers ${status}`);
  return true;
}
