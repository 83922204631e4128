import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import tar from "tar-stream";
import { attempt } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { isTrue, objectsOf, textOf } from "../../../lib/protocol/values.ts";

/** Puts the `uploads` into a container that has not been started yet, all in one archive. */
export async function uploadFiles(docker: Docker, id: string, inputs: PropertyMap): Promise<void> {
  const uploads = objectsOf(inputs.uploads);
  if (uploads.length === 0) return;
  const pack = tar.pack();
  for (const upload of uploads) {
    const name = textOf(upload.file) ?? "";
    const uid = await idOf("/etc/passwd", textOf(upload.owner));
    const gid = await idOf("/etc/group", textOf(upload.group));
    pack.entry({ name, mode: modeOf(upload), uid, gid }, await contentOf(upload));
  }
  pack.finalize();
  const archive = await buffer(pack);
  await attempt("upload files to the container", () => docker.getContainer(id).putArchive(archive, { path: "/" }));
}

/** Which of an upload's contents are given; exactly one must be. */
export function contentsGiven(upload: PropertyMap): string[] {
  return ["content", "contentBase64", "source"].filter((key) => textOf(upload[key]));
}

/** A number is taken as it is; a name is one of this machine, as in Pulumi's plugin. @throws where there is no such name. */
async function idOf(file: string, owner: string | undefined): Promise<number> {
  if (!owner) return 0;
  if (/^\d+$/.test(owner)) return Number(owner);
  const entry = (await readFile(file, "utf8")).split("\n").find((line) => line.startsWith(`${owner}:`));
  if (!entry)
    throw new Error(`There is no "${owner}" in ${file} of this machine. Give the number that it has in the container.`);
  return Number(entry.split(":")[2]);
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
