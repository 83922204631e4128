import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { finished } from "node:stream/promises";
import type { Measure } from "../harness/bench.ts";
import type { Figure } from "../harness/figure.ts";
import { startHandMadeRegistry } from "../harness/hand-made-registry.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { mebibytes, randomLayer } from "../harness/layer.ts";
import type { ReachableRegistry } from "../harness/registry-client.ts";

/** Upload and download of a large blob without a daemon, against a registry with TLS and users set up by hand. */
export const rawTransfer: Measure = {
  name: "raw-transfer",
  async run(bench) {
    const kit = await (await KitStack.make(bench)).deploy();
    const hand = await startHandMadeRegistry(bench, { cost: 5 });
    const upload = { kit: [] as number[], hand: [] as number[] };
    const download = await interleave(bench, {
      kit: () => roundTrip(kit, upload.kit),
      hand: () => roundTrip(hand, upload.hand),
    });
    return [
      figure("raw-upload", `HTTP upload of a blob of ${mebibytes} MiB; TLS and users set up by hand`, upload),
      figure("raw-download", "HTTP download of it; TLS and users set up by hand", download),
    ];
  },
};

function figure(name: string, title: string, values: { kit: number[]; hand: number[] }): Figure {
  return {
    name,
    title,
    unit: "MiB/s",
    subject: { label: "kit", values: values.kit },
    reference: { label: "by hand", values: values.hand },
    bound: { kind: "target", atLeast: 0.95 },
  };
}

/** Uploads a new blob in one piece and downloads it. @returns MiB/s of the download; that of the upload goes to `uploaded` */
async function roundTrip(registry: ReachableRegistry, uploaded: number[]): Promise<number> {
  const { content, digest } = randomLayer();
  const agent = new Agent({ keepAlive: true, ...(registry.authority ? { ca: registry.authority } : {}) });
  const repository = `/v2/bench-${randomBytes(5).toString("hex")}/blobs`;
  const send = (path: string, options: RequestOptions, body?: Buffer) =>
    exchange({ ...options, path, agent, ...addressOf(registry) }, body);
  try {
    const upload = await timed(async () => {
      const begun = await send(`${repository}/uploads/`, { method: "POST" });
      const { pathname, searchParams } = new URL(begun.headers.location ?? "", "https://127.0.0.1");
      searchParams.set("digest", digest);
      const headers = { "content-type": "application/octet-stream", "content-length": content.length };
      const put = await send(`${pathname}?${searchParams}`, { method: "PUT", headers }, content);
      if (put.statusCode !== 201) throw new Error(`PUT of a blob answers ${put.statusCode}`);
    });
    uploaded.push((mebibytes / upload) * 1000);
    const download = await timed(async () => {
      const got = await send(`${repository}/${digest}`, { method: "GET" });
      if (got.statusCode !== 200) throw new Error(`GET of a blob answers ${got.statusCode}`);
    });
    return (mebibytes / download) * 1000;
  } finally {
    agent.destroy();
  }
}

function addressOf({ port, user }: ReachableRegistry): RequestOptions {
  return { host: "127.0.0.1", port, auth: `${user.name}:${user.password}` };
}

/** One request; resolves when the whole answer is here, and thrown away. */
function exchange(options: RequestOptions, body?: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      finished(response.resume()).then(() => resolve(response), reject);
    });
    asked.once("error", reject);
    asked.end(body);
  });
}
