import { randomBytes } from "node:crypto";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { Agent, type RequestOptions, request as requestHttps } from "node:https";
import { finished } from "node:stream/promises";
import { timed } from "./interleave.ts";
import { mebibytes, randomLayer } from "./layer.ts";
import type { ReachableRegistry } from "./registry-client.ts";

/** Uploads a new blob in one piece and downloads it. @returns MiB/s of the download; that of the upload goes to `uploaded` */
export async function roundTrip(registry: ReachableRegistry, uploaded: number[]): Promise<number> {
  return withConnection(registry, async (send) => {
    const layer = randomLayer();
    let blob = "";
    const upload = await timed(async () => {
      blob = await uploadBlob(send, layer);
    });
    uploaded.push((mebibytes / upload) * 1000);
    const download = await timed(async () => {
      const { statusCode } = await send(blob, { method: "GET" });
      if (statusCode !== 200) throw new Error(`GET of a blob answers ${statusCode}`);
    });
    return (mebibytes / download) * 1000;
  });
}

/** Uploads a new blob and pulls it from where the registry sends the client. @returns how much of the pull came from the registry, in % */
export async function redirectedShare(registry: ReachableRegistry): Promise<number> {
  return withConnection(registry, async (send) => {
    const blob = await uploadBlob(send, randomLayer());
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
  const agent = new Agent({ keepAlive: true, ...tlsOf(registry) });
  const { port, user } = registry;
  const place = { host: "127.0.0.1", port, auth: `${user.name}:${user.password}`, agent };
  try {
    return await use((path, options, body) => exchange(requestHttps({ ...place, ...options, path }), body));
  } finally {
    agent.destroy();
  }
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
