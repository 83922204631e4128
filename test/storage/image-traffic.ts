import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { finished } from "node:stream/promises";

export interface Blob {
  content: Buffer;
  digest: string;
}

/** An image as a client pushes it: its manifest, and what that names. */
export interface PushedImage {
  repository: string;
  tag: string;
  digest: string;
  blobs: Blob[];
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** Bytes that nothing can shorten. */
export function randomBlob(size: number): Blob {
  return blobOf(randomBytes(size));
}

/** Pushes an image as clients do: the layers first, the manifest last. `registries`: origins, each request at the next one. */
export async function pushImage(registries: string[], repository: string, layers: Blob[]): Promise<PushedImage> {
  const next = turns(registries);
  const config = blobOf(Buffer.from(JSON.stringify({ made: randomBytes(8).toString("hex") })));
  const blobs = [...layers, config];
  for (const blob of blobs) await pushBlob(next, repository, blob);
  const describe = ({ content, digest }: Blob, mediaType: string) => ({ mediaType, digest, size: content.length });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: describe(config, "application/vnd.oci.image.config.v1+json"),
    layers: layers.map((layer) => describe(layer, "application/vnd.oci.image.layer.v1.tar")),
  });
  const tag = randomBytes(5).toString("hex");
  const put = await fetch(`${next()}/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": manifestType },
    body: manifest,
  });
  if (put.status !== 201) throw new Error(`push of a manifest: ${put.status} ${await put.text()}`);
  return { repository, tag, digest: blobOf(Buffer.from(manifest)).digest, blobs };
}

/** Pulls an image and compares every byte of it by its digest. @throws where something is missing or is not the same */
export async function pullImage(registry: string, { repository, tag, digest, blobs }: PushedImage): Promise<void> {
  const manifest = await fetch(`${registry}/v2/${repository}/manifests/${tag}`, { headers: { accept: manifestType } });
  await compare(manifest, digest);
  for (const blob of blobs)
    await compare(await fetch(`${registry}/v2/${repository}/blobs/${blob.digest}`), blob.digest);
}

/** Removes the manifest; its blobs go with the next garbage collection. */
export async function deleteImage(registry: string, { repository, digest }: PushedImage): Promise<void> {
  const { status } = await fetch(`${registry}/v2/${repository}/manifests/${digest}`, { method: "DELETE" });
  if (status !== 202) throw new Error(`delete of a manifest: ${status}`);
}

/**
 * Sends a blob in one stream. `half` is called when half of it is on its way, and the rest waits for it.
 *
 * @returns status and body of the answer
 */
export async function sendBlob(
  registry: string,
  repository: string,
  { content, digest }: Blob,
  half?: () => Promise<unknown>,
): Promise<{ status: number; body: string }> {
  const location = await beginUpload(registry, repository);
  const upload = request(withDigest(location, digest), {
    method: "PUT",
    agent: false,
    headers: { "content-type": "application/octet-stream", "content-length": content.length },
    signal: AbortSignal.timeout(90_000),
  });
  const answered = once(upload, "response") as Promise<[IncomingMessage]>;
  answered.catch(() => {});
  const middle = Math.floor(content.length / 2);
  await new Promise((resolve) => upload.write(content.subarray(0, middle), resolve));
  await half?.();
  upload.end(content.subarray(middle));
  const [response] = await answered;
  let body = "";
  response.setEncoding("utf8").on("data", (chunk) => {
    body += chunk;
  });
  await finished(response);
  return { status: response.statusCode ?? 0, body };
}

async function pushBlob(next: () => string, repository: string, { content, digest }: Blob): Promise<void> {
  const begun = await beginUpload(next(), repository);
  const middle = Math.floor(content.length / 2);
  const patched = await fetch(at(next(), begun), {
    method: "PATCH",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(content.subarray(0, middle)),
  });
  if (patched.status !== 202) throw new Error(`PATCH of an upload: ${patched.status} ${await patched.text()}`);
  const put = await fetch(withDigest(at(next(), patched.headers.get("location") ?? ""), digest), {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(content.subarray(middle)),
  });
  if (put.status !== 201) throw new Error(`PUT of an upload: ${put.status} ${await put.text()}`);
}

async function beginUpload(registry: string, repository: string): Promise<string> {
  const begun = await fetch(`${registry}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  if (begun.status !== 202) throw new Error(`POST of an upload: ${begun.status} ${await begun.text()}`);
  return begun.headers.get("location") ?? "";
}

/** The same place at another registry. */
function at(registry: string, location: string): string {
  const { pathname, search } = new URL(location, registry);
  return `${registry}${pathname}${search}`;
}

function withDigest(location: string, digest: string): URL {
  const url = new URL(location);
  url.searchParams.set("digest", digest);
  return url;
}

function turns(registries: string[]): () => string {
  let turn = 0;
  return () => registries[turn++ % registries.length] ?? "";
}

async function compare(answer: Response, digest: string): Promise<void> {
  if (answer.status !== 200) throw new Error(`pull of ${digest}: ${answer.status} ${await answer.text()}`);
  const got = blobOf(Buffer.from(await answer.arrayBuffer())).digest;
  if (got !== digest) throw new Error(`pull of ${digest} gives ${got}`);
}

function blobOf(content: Buffer): Blob {
  return { content, digest: `sha256:${createHash("sha256").update(content).digest("hex")}` };
}
