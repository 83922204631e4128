import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { expect, it } from "vitest";
import { bridgeAddress, s3ServerObstacle, startS3Server } from "../support/s3-server.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { startStoreRegistry } from "./store-registry.ts";

/** Of the layer, in GiB. It needs three times as much on the disk. */
const size = Number(process.env.REGISTRY_KIT_LARGE_LAYER ?? 0);
const chunk = 5 * 1024 * 1024;
const obstacle = size > 0 ? await s3ServerObstacle() : "only with REGISTRY_KIT_LARGE_LAYER=<GiB>, such as 5";

describeWithStore("a very large layer on S3", obstacle, () => {
  it("goes up in parts of 5 MiB and comes back the same", { timeout: 3_600_000 }, async () => {
    await using s3 = await startS3Server({ address: await bridgeAddress(), buckets: ["images"] });
    const { region, endpoint: regionEndpoint, accessKey, secretKey } = s3;
    const place = { bucket: "images", region, regionEndpoint, accessKey, secretKey };
    await using store = await startStoreRegistry({ driver: "s3", ...place, chunkSize: chunk });

    const begun = await fetch(`${store.url}/v2/moby/large/blobs/uploads/`, { method: "POST" });
    const sent = createHash("sha256");
    const patch = request(begun.headers.get("location") ?? "", {
      method: "PATCH",
      headers: { "content-type": "application/octet-stream" },
    });
    const answered = once(patch, "response") as Promise<[IncomingMessage]>;
    await pipeline(
      Readable.from(noise(size * 1024 ** 3)),
      async function* (blocks: AsyncIterable<Buffer>) {
        for await (const block of blocks) {
          sent.update(block);
          yield block;
        }
      },
      patch,
    );
    const [patched] = await answered;
    expect(patched.resume().statusCode).toBe(202);
    const digest = `sha256:${sent.digest("hex")}`;
    const location = new URL(patched.headers.location ?? "");
    location.searchParams.set("digest", digest);
    const put = request(location, { method: "PUT", headers: { "content-length": 0 } }).end();
    const [finished] = (await once(put, "response")) as [IncomingMessage];
    expect(finished.statusCode, await text(finished)).toBe(201);

    const parts = (await s3.accessLog()).filter((line) => line.includes("s3_UploadPart "));
    expect(parts.length).toBeGreaterThanOrEqual(Math.floor((size * 1024 ** 3) / chunk));
    const got = createHash("sha256");
    const pulled = await fetch(`${store.url}/v2/moby/large/blobs/${digest}`);
    for await (const block of pulled.body ?? []) got.update(block);
    expect(`sha256:${got.digest("hex")}`).toBe(digest);
  });
});

/** Bytes that nothing can shorten, never all of them in memory. */
function* noise(length: number): Generator<Buffer> {
  const cipher = createCipheriv("aes-256-ctr", randomBytes(32), randomBytes(16));
  const block = Buffer.alloc(1024 * 1024);
  for (let left = length; left > 0; left -= block.length)
    yield cipher.update(block.subarray(0, Math.min(left, block.length)));
}
