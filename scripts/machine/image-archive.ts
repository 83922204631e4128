import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { endOf } from "./docker-progress.ts";

/** Loads a file of `docker save` when it holds the wanted image; another archive is refused before it changes any tag. */
export async function loadImageArchive(docker: Docker, file: string, image: string): Promise<void> {
  const tags = await tagsOf(file);
  const wanted = fullName(image.replace(/@.*$/, ""));
  if (!tags.some((tag) => fullName(tag) === wanted)) {
    throw new Error(`${file} holds ${tags.join(", ") || "no image with a tag"}, not ${image}`);
  }
  await endOf(docker, await docker.loadImage(createReadStream(file), { quiet: true }));
}

/** The tags that the archive's `manifest.json` lists. */
async function tagsOf(file: string): Promise<string[]> {
  const gzipped = await isGzipped(file);
  const archive = extract();
  const source = createReadStream(file);
  const reading = gzipped ? pipeline(source, createGunzip(), archive) : pipeline(source, archive);
  let manifest = "[]";
  const listing = (async () => {
    for await (const entry of archive) {
      if (entry.header.name === "manifest.json") manifest = await text(entry);
      else entry.resume();
    }
  })();
  try {
    await Promise.all([reading, listing]);
    return (JSON.parse(manifest) as { RepoTags?: string[] | null }[]).flatMap(({ RepoTags }) => RepoTags ?? []);
  } catch (error) {
    throw new Error(`${file} is no archive of "docker save" (tar, or gzipped tar): ${(error as Error).message}`);
  }
}

async function isGzipped(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Archives name images of Docker Hub in short or in full, by the tool that wrote them. */
function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const named = /[.:]|^localhost$/.test(first) && rest.length > 0;
  const path = named ? image : `docker.io/${rest.length > 0 ? image : `library/${image}`}`;
  const complete = path
    .replace("index.docker.io/", "docker.io/")
    .replace(/^docker\.io\/(?=[^/]+$)/, "docker.io/library/");
  return /:[^/]+$/.test(complete) ? complete : `${complete}:latest`;
}
