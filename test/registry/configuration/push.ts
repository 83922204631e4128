import { createHash } from "node:crypto";
import type { RealRegistry } from "./real-registry.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

/** Pushes an image without layers and returns its manifest's digest. */
export async function pushImage(registry: RealRegistry, repository: string, tag: string): Promise<string> {
  const config = "{}";
  const digest = digestOf(config);
  const start = await registry.request(`/v2/${repository}/blobs/uploads/`, { method: "POST" });
  const upload = new URL(start.headers.get("location") ?? "");
  const separator = upload.search ? "&" : "?";
  const done = await registry.request(`${upload.pathname}${upload.search}${separator}digest=${digest}`, {
    method: "PUT",
    body: config,
  });
  if (done.status !== 201) throw new Error(`upload of a blob: ${done.status} ${await done.text()}`);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: config.length },
    layers: [],
  });
  const put = await putManifest(registry, repository, tag, manifestType, manifest);
  if (put.status !== 201) throw new Error(`push of a manifest: ${put.status} ${await put.text()}`);
  return digestOf(manifest);
}

/** Pushes an index that names one linux/amd64 image, which isn't there. */
export async function pushIncompleteIndex(registry: RealRegistry, repository: string): Promise<Response> {
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [
      {
        mediaType: manifestType,
        digest: digestOf("missing"),
        size: 7,
        platform: { os: "linux", architecture: "amd64" },
      },
    ],
  });
  return putManifest(registry, repository, "index", indexType, index);
}

/** A manifest as a client pulls it. */
export async function pullManifest(registry: RealRegistry, path: string, port?: number): Promise<Response> {
  return registry.request(path, { headers: { accept: manifestType }, ...(port === undefined ? {} : { port }) });
}

async function putManifest(registry: RealRegistry, repository: string, tag: string, type: string, body: string) {
  return registry.request(`/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": type },
    body,
  });
}

function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
