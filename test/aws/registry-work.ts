import { randomBytes } from "node:crypto";
import { pullManifest, pushImage } from "../registry/configuration/push.ts";
import { RealRegistry, specOf } from "../registry/configuration/real-registry.ts";

/** An image that {@link failingWork} pulls: push it first. */
export const seed = "seed";

/** Where a registry finds its bucket; without keys it asks for credentials where AWS's SDK looks for them. */
export interface WorkStorage {
  bucket: string;
  region: string;
  regionEndpoint: string;
  accessKey?: string;
  secretKey?: string;
  rootDirectory?: string;
}

/** A registry without its own cache, so that every request comes to S3. `create`, `files`: as in {@link RealRegistry.start}. */
export function startOnS3(
  storage: WorkStorage,
  more: { create?: string[]; files?: Record<string, string> } = {},
): Promise<RealRegistry> {
  const spec = specOf({ cache: "none" }, { storage: { driver: "s3", ...storage } });
  // Without rights it is alive, but not well: GET / would be 503.
  const ready = (registry: RealRegistry) =>
    registry.request("/v2/").then(
      ({ ok }) => ok,
      () => false,
    );
  return RealRegistry.start(spec, { ready, ...more });
}

/** Does all that a registry is for, and names what failed. `uploads` counts what is unfinished in the bucket. */
export async function failingWork(registry: RealRegistry, uploads: () => Promise<number>): Promise<string[]> {
  const request = async (path: string, init?: RequestInit) => registry.request(path, init);
  const work: Record<string, () => Promise<unknown>> = {
    push: () => pushImage(registry, `run-${randomBytes(4).toString("hex")}`, "1"),
    pull: async () => mustBeOk(await pullManifest(registry, `/v2/${seed}/manifests/1`)),
    "list tags": async () => mustBeOk(await request(`/v2/${seed}/tags/list`)),
    "cancel an upload": async () => {
      const started = mustBeOk(await request("/v2/canceled/blobs/uploads/", { method: "POST" }));
      const { pathname, search } = new URL(started.headers.get("location") ?? "");
      const before = await uploads();
      mustBeOk(await request(`${pathname}${search}`, { method: "DELETE" }));
      // The registry says that all went well, whatever S3 said.
      if ((await uploads()) >= before) throw new Error("the upload is still there");
    },
    delete: async () => {
      const repository = `doomed-${randomBytes(4).toString("hex")}`;
      const digest = await pushImage(registry, repository, "1");
      mustBeOk(await request(`/v2/${repository}/manifests/${digest}`, { method: "DELETE" }));
    },
  };
  const failed: string[] = [];
  for (const [name, attempt] of Object.entries(work)) await attempt().catch(() => failed.push(name));
  return failed;
}

function mustBeOk(response: Response): Response {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response;
}
