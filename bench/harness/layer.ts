import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { sha256 } from "../../lib/files/sha256.ts";

/** Bytes of the layer that is moved. */
export const layerSize = 256 * 1024 * 1024;
export const mebibytes = layerSize / 1024 / 1024;

/** Random bytes, as a compressed layer is to a network: nothing can be left out. */
export function randomLayer(size: number): { content: Buffer; digest: string } {
  const content = randomBytes(size);
  return { content, digest: `sha256:${sha256(content)}` };
}

/** Makes an image of one layer with a random file, on the daemon. */
export async function importLayer(docker: Docker, repository: string, tag: string): Promise<void> {
  const archive = pack();
  archive.entry({ name: "layer" }, randomBytes(layerSize));
  archive.finalize();
  const progress = await text(await docker.importImage(Readable.from(archive), { repo: repository, tag }));
  if (progress.includes('"error"')) throw new Error(`The daemon took no layer: ${progress.trim()}`);
}
