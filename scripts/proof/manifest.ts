import { randomBytes } from "node:crypto";
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

/** The digests of what the proof's manifest consists of: itself, its configuration and its layers. */
export async function digestsOf(
  { api, target, image }: ProofContext,
  digest: string,
  signal: AbortSignal,
): Promise<string[]> {
  const path = `/v2/${image.repository}/manifests/${digest}`;
  const request = { method: "GET", path, user: target.users[0], accept: manifestTypes } as const;
  const { status, body } = await requestRegistry(api, request, signal);
  if (status !== 200) throw new Error(`GET ${path} answers ${status}`);
  const { config, layers = [] } = JSON.parse(body) as { config?: Part; layers?: Part[] };
  const digests = [digest, ...[...(config ? [config] : []), ...layers].map((part) => part.digest)];
  // They become paths of what is deleted.
  const wrong = digests.find((each) => !/^sha256:[0-9a-f]{64}$/.test(each));
  if (wrong !== undefined) throw new Error(`GET ${path} names ${JSON.stringify(wrong)}, which is no digest`);
  return digests;
}

interface Part {
  digest: string;
}

/** Makes the registry forget the blobs of the proof, also in its cache; their content stays where it is. */
export async function unlinkBlobs(
  { api, target, image }: ProofContext,
  digests: string[],
  signal: AbortSignal,
): Promise<void> {
  for (const digest of digests) {
    const path = `/v2/${image.repository}/blobs/${digest}`;
    await requestRegistry(api, { method: "DELETE", path, user: target.users[0] }, signal);
  }
}

/** Whether the registry allows deletion: it answers 405 to any, where the settings turn it off. */
export async function allowsDeletion(context: ProofContext, signal: AbortSignal): Promise<boolean> {
  return await deleteManifest(context, `sha256:${randomBytes(32).toString("hex")}`, signal);
}
