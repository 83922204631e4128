import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { isObject, type PropertyMap, type PropertyValue } from "../../lib/protocol/property-value.ts";
import { isArchive, isAssetOrArchive } from "../../lib/protocol/special-values.ts";
import { tarEnd, tarEntry } from "./tar-entry.ts";

/**
 * A property map with the SHA-256 of every asset and archive in it: by it a change of the content is seen. Source: `asset.go` and
 * `archive.go` of Pulumi; what is no archive file is hashed as the tar archive that it would be.
 * @param folder that relative paths count from.
 * @throws where content cannot be read.
 */
export async function hashAssets(map: PropertyMap, folder: string): Promise<PropertyMap> {
  return (await visit(map, folder)) as PropertyMap;
}

async function visit(value: PropertyValue, folder: string): Promise<PropertyValue> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => visit(item, folder)));
  if (!isObject(value)) return value;
  const isAsset = isAssetOrArchive(value);
  // Without the marks that the SDK puts on its own objects.
  const fields = Object.entries(value).filter(([key, inner]) => !isAsset || !(key.startsWith("__") || inner === ""));
  const entries = fields.map(async ([key, inner]) => [key, await visit(inner, folder)] as const);
  const hash = isAsset && { hash: value.hash || (await hashOf(value, folder)) };
  return { ...Object.fromEntries(await Promise.all(entries)), ...hash };
}

async function hashOf(value: PropertyMap, folder: string): Promise<string> {
  const hash = createHash("sha256");
  if (!isArchive(value)) return hash.update(await contentOf(value, folder)).digest("hex");
  const { path, uri } = value;
  if (typeof path === "string" && isArchiveFile(path)) await pipeline(createReadStream(resolve(folder, path)), hash);
  else if (typeof uri === "string") hash.update(await download(uri));
  else {
    const seen = new Set<string>();
    for await (const { name, content } of filesOf(value, folder)) {
      if (seen.has(name)) continue;
      seen.add(name);
      hash.update(tarEntry(name, content));
    }
    hash.update(tarEnd);
  }
  return hash.digest("hex");
}

interface ArchivedFile {
  name: string;
  content: Buffer;
}

/** The files of an archive in the order that Pulumi has them. */
async function* filesOf({ assets, path }: PropertyMap, folder: string): AsyncGenerator<ArchivedFile> {
  if (typeof path === "string") {
    if (isArchiveFile(path))
      throw new Error(`${path}: an archive file inside of an AssetArchive needs the Pulumi CLI.`);
    yield* filesIn(resolve(folder, path), "");
    return;
  }
  for (const name of Object.keys(isObject(assets) ? assets : {}).sort(byBytes)) {
    const member = (assets as PropertyMap)[name] as PropertyMap;
    if (!isArchive(member)) yield { name, content: await contentOf(member, folder) };
    else for await (const file of filesOf(member, folder)) yield { ...file, name: join(name, file.name) };
  }
}

async function* filesIn(folder: string, inside: string): AsyncGenerator<ArchivedFile> {
  const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTDIR") throw error;
    throw new Error(`"${folder}" is neither a folder nor an archive (.tar, .tgz, .tar.gz, .zip, .jar).`);
  });
  for (const entry of entries.sort((a, b) => byBytes(a.name, b.name))) {
    const name = join(inside, entry.name);
    if (entry.name === ".pulumi") continue;
    if (entry.isDirectory()) yield* filesIn(folder, name);
    else if (!(await stat(join(folder, name))).isDirectory())
      yield { name, content: await readFile(join(folder, name)) };
  }
}

async function contentOf({ text, path, uri }: PropertyMap, folder: string): Promise<Buffer> {
  if (typeof path === "string" && path !== "") return readFile(isAbsolute(path) ? path : join(folder, path));
  if (typeof uri === "string" && uri !== "") return download(uri);
  return Buffer.from(typeof text === "string" ? text : "");
}

async function download(uri: string): Promise<Buffer> {
  const { protocol } = new URL(uri);
  if (protocol === "file:") return readFile(new URL(uri));
  const response = await fetch(uri);
  if (!response.ok) throw new Error(`${uri} answered ${response.status}.`);
  return Buffer.from(await response.arrayBuffer());
}

function isArchiveFile(path: string): boolean {
  return /\.(tar|tgz|tar\.gz|zip|jar)$/.test(path);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
