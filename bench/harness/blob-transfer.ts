import { randomBytes } from "node:crypto";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { Agent, type RequestOptions, request as requestHttps } from "node:https";
import { finished } from "node:stream/promises";
import type { Bench } from "./bench.ts";
import { timed } from "./interleave.ts";
import { layerSize, mebibytes, randomLayer } from "./layer.ts";
import type { ReachableRegistry } from "./registry-client.ts";

/** In how many the bytes of a run are moved: each still takes several parts in object storage, in uploads and copies. */
const blobs = 4;

/** MiB/s, a value for each run. */
export interface TransferRates {
  upload: number[];
  download: number[];
}

/**
 * Uploads new blobs, each in one piece, and downloads them; in each run {@link mebibytes} MiB through one connection of each side.
 * The sides take turns blob by blob, and the first one goes last the next time, so that what else the machine does meets all
 * alike. A first blob of each side is not counted.
 *
 * @param clear what is done after each blob, while no clock runs
 */
export async function transferInTurn<Side extends string>(
  { runs, signal, progress }: Pick<Bench, "runs" | "signal" | "progress">,
  registries: Record<Side, ReachableRegistry>,
  clear: () => Promise<unknown> = async () => {},
): Promise<Record<Side, TransferRates>> {
  const sides = Object.keys(registries) as Side[];
  const rates = forEach(sides, (): TransferRates => ({ upload: [], download: [] }));
  for (const side of sides) await withConnection(registries[side], roundTrip).then(clear);
  for (let run = 1; run <= runs; run++) {
    await using connections = new AsyncDisposableStack();
    const sends = forEach(sides, (side) => connections.use(connect(registries[side])).send);
    const spent = forEach(sides, () => ({ upload: 0, download: 0 }));
    for (let blob = 0; blob < blobs; blob++) {
      signal.throwIfAborted();
      for (const side of sides) {
        const { upload, download } = await roundTrip(sends[side]);
        spent[side].upload += upload;
        spent[side].download += download;
        await clear();
      }
      sides.push(...sides.splice(0, 1));
    }
    const seen = sides.map((side) => {
      const upload = (mebibytes / spent[side].upload) * 1000;
      const download = (mebibytes / spent[side].download) * 1000;
      rates[side].upload.push(upload);
      rates[side].download.push(download);
      return `${side} ${upload.toPrecision(4)} up, ${download.toPrecision(4)} down`;
    });
    progress(`  run ${run} of ${runs}: ${seen.join("; ")}`);
  }
  return rates;
}

function forEach<Side extends string, Value>(sides: Side[], make: (side: Side) => Value): Record<Side, Value> {
  return Object.fromEntries(sides.map((side) => [side, make(side)])) as Record<Side, Value>;
}

/** @returns milliseconds of the upload and of the download of a new blob */
async function roundTrip(send: Send): Promise<{ upload: number; download: number }> {
  const layer = randomLayer(layerSize / blobs);
  let blob = "";
  const upload = await timed(async () => {
    blob = await uploadBlob(send, layer);
  });
  const download = await timed(async () => {
    const { statusCode } = await send(blob, { method: "GET" });
    if (statusCode !== 200) throw new Error(`GET of a blob answers ${statusCode}`);
  });
  return { upload, download };
}

/** Uploads a new blob and pulls it from where the registry sends the client. @returns how much of the pull came from the registry, in % */
export async function redirectedShare(registry: ReachableRegistry): Promise<number> {
  return withConnection(registry, async (send) => {
    const blob = await uploadBlob(send, randomLayer(layerSize));
    const sent = await send(blob, { method: "GET", agent: new Agent(tlsOf(registry)) });
    const fromRegistry = sent.socket.bytesRead;
    if (sent.statusCode !== 307) throw new Error(`GET of a blob answers ${sent.statusCode}, not a redirect`);
    const stored = await exchange(requestHttp(sent.headers.location ?? ""));
    if (stored.statusCode !== 200) throw new Error(`GET of the object answers ${stored.statusCode}`);
    return (fromRegistry / (fromRegistry + stored.socket.bytesRead)) * 100;
  });
}

type Send = (path: string, options: RequestOptions, body?: Buffer) => Promise<IncomingMessage>;

async function withConnection<T>(registry: ReachableRegistry, use: (send: Send) => Promise<T>): Promise<T> {
  await using connection = connect(registry);
  return await use(connection.send);
}

function connect(registry: ReachableRegistry): AsyncDisposable & { send: Send } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tlsOf(registry) });
  const { port, user } = registry;
  const place = { host: "127.0.0.1", port, auth: `${user.name}:${user.password}`, agent };
  return {
    send: (path, options, body) => exchange(requestHttps({ ...place, ...options, path }), body),
    async [Symbol.asyncDispose]() {
      agent.destroy();
    },
  };
}

/** @returns the path of the blob */
async function uploadBlob(send: Send, { content, digest }: ReturnType<typeof randomLayer>): Promise<string> {
  const repository = `/v2/bench-${randomBytes(5).toString("hex")}/blobs`;
  const begun = await send(`${repository}/uploads/`, { method: "POST" });
  const { pathname, searchParams } = new URL(begun.headers.location ?? "", "https://127.0.0.1");
  searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream", "content-length": content.length };
  const put = await send(`${pathname}?${searchParams}`, { method: "PUT", headers }, content);
  if (put.statusCode !== 201) throw new Error(`PUT of a blob answers ${put.statusCode}`);
  return `${repository}/${digest}`;
}

function tlsOf({ authority }: ReachableRegistry): { ca?: string } {
  return authority ? { ca: authority } : {};
}

/** One request; resolves when the whole answer is here, and thrown away. */
function exchange(asked: ReturnType<typeof requestHttp>, body?: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once("response", (response) => {
      finished(response.resume()).then(() => resolve(response), reject);
    });
    asked.once("error", reject);
    asked.end(body);
  });
}
