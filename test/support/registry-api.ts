import { createHash, randomBytes } from "node:crypto";
import type { CurlOptions, curl } from "./curl.ts";

/** Someone who pushes and pulls as the specification says (https://github.com/opencontainers/distribution-spec), without Docker. */
export interface ApiClient {
  curl: typeof curl;
  /** Where the registry is: `https://192.168.77.1:5000`. */
  places: string[];
  options: CurlOptions;
  /** How often a request without an answer goes to the next place, too. @default 0 */
  retries?: number;
  /** Whether it stays with a place that answers. Default: every request goes to the next one, in turns. */
  stays?: boolean;
}

/** What a registry has said it keeps. */
export interface PushedImage {
  repository: string;
  /** Of the manifest. */
  digest: string;
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** Readable and random: no registry has it, and an answer can be compared as text. */
export function randomText(bytes: number): string {
  return randomBytes(bytes / 2).toString("hex");
}

export function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Pushes an image of one layer, a fresh random one unless it is given, in chunks. @throws where the registry does not acknowledge it */
export async function pushRandomImage(
  client: ApiClient,
  repository: string,
  { bytes = 100_000, chunks = 1, layer = randomText(bytes) } = {},
): Promise<PushedImage> {
  const config = JSON.stringify({ architecture: "amd64", os: "linux", layer: digestOf(layer) });
  const ask = asking(client);
  await upload(ask, repository, layer, chunks);
  await upload(ask, repository, config, 1);
  const descriptor = (mediaType: string, content: string) => ({
    mediaType: `application/vnd.oci.image.${mediaType}`,
    digest: digestOf(content),
    size: content.length,
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor("config.v1+json", config),
    layers: [descriptor("layer.v1.tar", layer)],
  });
  const digest = digestOf(manifest);
  const put = { method: "PUT", body: manifest, headers: { "Content-Type": manifestType } };
  await expectStatus(201, ask(`/v2/${repository}/manifests/${digest}`, put));
  return { repository, digest };
}

/** Pulls an image and checks every digest. @throws where something is missing or different */
export async function pullImage(client: ApiClient, { repository, digest }: PushedImage): Promise<void> {
  const ask = asking(client);
  const get = async (kind: string, wanted: string) => {
    const { body } = await expectStatus(
      200,
      ask(`/v2/${repository}/${kind}/${wanted}`, { headers: { Accept: manifestType } }),
    );
    if (digestOf(body) !== wanted) throw new Error(`${kind}/${wanted} of ${repository} has ${digestOf(body)}`);
    return body;
  };
  const manifest = JSON.parse(await get("manifests", digest)) as { config: Blob; layers: Blob[] };
  for (const blob of [manifest.config, ...manifest.layers]) await get("blobs", blob.digest);
}

interface Blob {
  digest: string;
}

type Answer = Awaited<ReturnType<typeof curl>>;
export type Ask = (path: string, more?: CurlOptions) => Promise<Answer>;

/** How somebody asks, who remembers where to go. */
export function asking({ curl, places, options, retries = 0, stays = false }: ApiClient): Ask {
  let place = 0;
  return async (path, more) => {
    const first = place;
    if (!stays) place++;
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await curl(`${places[(first + attempt) % places.length]}${path}`, { ...options, ...more });
        if (stays) place = first + attempt;
        return answer;
      } catch (error) {
        if (attempt === retries) throw error;
      }
    }
  };
}

async function upload(ask: Ask, repository: string, content: string, chunks: number): Promise<void> {
  const { headers } = await expectStatus(202, ask(`/v2/${repository}/blobs/uploads/`, { method: "POST" }));
  let next = pathOf(headers.location);
  const size = Math.ceil(content.length / chunks);
  for (let start = 0; start < content.length; start += size) {
    const body = content.slice(start, start + size);
    const range = {
      "Content-Type": "application/octet-stream",
      "Content-Range": `${start}-${start + body.length - 1}`,
    };
    const answer = await expectStatus(202, ask(next, { method: "PATCH", body, headers: range }));
    next = pathOf(answer.headers.location);
  }
  await expectStatus(201, ask(`${next}&digest=${digestOf(content)}`, { method: "PUT" }));
}

async function expectStatus(wanted: number, answer: Promise<Answer>): Promise<Answer> {
  const { status, headers, body } = await answer;
  if (status !== wanted) throw new Error(`HTTP ${status}: ${body}`);
  return { status, headers, body };
}

/** Of a Location, which names the server that answered. */
function pathOf(location = ""): string {
  const { pathname, search } = new URL(location, "https://registry.test");
  return pathname + search;
}
