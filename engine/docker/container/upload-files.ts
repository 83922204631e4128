import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import tar from "tar-stream";
import type { PropertyMap } from "../../protocol/property-value.ts";
import { attempt } from "../common/docker-error.ts";
import { isTrue, objectsOf, textOf } from "../common/values.ts";

/** Puts the `uploads` into a container that has not been started yet, all in one archive. */
export async function uploadFiles(docker: Docker, id: string, inputs: PropertyMap): Promise<void> {
  const uploads = objectsOf(inputs.uploads);
  if (uploads.length === 0) return;
  const pack = tar.pack();
  for (const upload of uploads) {
    const name = textOf(upload.file) ?? "";
    pack.entry({ name, mode: modeOf(upload) }, await contentOf(upload));
  }
  pack.finalize();
  const archive = await buffer(pack);
  await attempt("upload files to the container", () => docker.getContainer(id).putArchive(archive, { path: "/" }));
}

/** Which of an upload's contents are given; exactly one must be. */
export function contentsGiven(upload: PropertyMap): string[] {
  return ["content", "contentBase64", "source"].filter((key) => textOf(upload[key]));
}

async function contentOf(upload: PropertyMap): Promise<Buffer> {
  const source = textOf(upload.source);
  if (source) return readFile(source);
  const encoded = textOf(upload.contentBase64);
  return encoded ? Buffer.from(encoded, "base64") : Buffer.from(textOf(upload.content) ?? "");
}

function modeOf(upload: PropertyMap): number {
  const permissions = textOf(upload.permissions);
  if (permissions) return Number.parseInt(permissions, 8);
  return isTrue(upload.executable) ? 0o744 : 0o644;
}
