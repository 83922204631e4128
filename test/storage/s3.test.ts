import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StorageConfigurationInput } from "../../components/registry/configuration/storage-configuration.ts";
import { bridgeAddress, type S3Server, s3ServerObstacle, startS3Server } from "../support/s3-server.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { deleteImage, pullImage, pushImage, randomBlob } from "./image-traffic.ts";
import { startStoreRegistry } from "./store-registry.ts";

const mebibyte = 1024 * 1024;
const smallestPart = 5 * mebibyte;

describeWithStore("a registry on S3", await s3ServerObstacle(), () => {
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3Server({ address: await bridgeAddress(), buckets: ["images", "other"] });
  });
  afterAll(() => s3?.[Symbol.asyncDispose]());

  function storage(more: object = {}): StorageConfigurationInput {
    const { region, endpoint: regionEndpoint, accessKey, secretKey } = s3;
    return { driver: "s3", bucket: "images", region, regionEndpoint, accessKey, secretKey, ...more };
  }

  it("pushes, pulls and deletes, all under its prefix, and garbage collection removes the blobs", async () => {
    // Every sign that the setting allows: the server decodes them in the source of a copy.
    const signs = "=@:,~!'()*$&;._-";
    await using store = await startStoreRegistry(storage({ rootDirectory: `/team-a/${signs}` }));
    const kept = await pushImage([store.url], "moby/box", [randomBlob(1000), randomBlob(12 * mebibyte)]);
    const deleted = await pushImage([store.url], "moby/box", [randomBlob(2000)]);
    await deleteImage(store.url, deleted);
    const before = await blobsIn("images/team-a");
    await store.registry.run("registry", "garbage-collect", "/etc/distribution/config.yml");
    const after = await blobsIn("images/team-a");
    expect(before.length - after.length).toBe(3);
    expect(after).toEqual(expect.arrayContaining(kept.blobs.map(({ digest }) => digest)));
    await pullImage(store.url, kept);
    await expect(pullImage(store.url, deleted)).rejects.toThrow("404");
    const folders = await readdir(join(s3.folder, "images"));
    expect(folders.filter((name) => name !== ".sgwtmp")).toEqual(["team-a"]);
  });

  it("uploads a large layer in many small parts and copies it in parts", async () => {
    const copies = { multipartCopyThresholdSize: smallestPart, multipartCopyChunkSize: smallestPart };
    await using store = await startStoreRegistry(storage({ bucket: "other", chunkSize: smallestPart, ...copies }));
    const image = await pushImage([store.url], "moby/large", [randomBlob(130 * mebibyte)]);
    await pullImage(store.url, image);
    const log = await s3.accessLog();
    expect(log.filter((line) => line.includes("s3_UploadPart ") && line.includes("/other/")).length).toBeGreaterThan(
      25,
    );
    expect(log.filter((line) => line.includes("s3_UploadPartCopy ")).length).toBe(26);
  });

  it("is shared by two registries with one http.secret: each upload goes through both, many at once", async () => {
    const httpSecret = "5ec2e7".repeat(8);
    await using one = await startStoreRegistry(storage({ rootDirectory: "shared" }), { httpSecret });
    await using two = await startStoreRegistry(storage({ rootDirectory: "shared" }), { httpSecret });
    const both = [one.url, two.url];
    const common = randomBlob(6 * mebibyte);
    const pushes = Array.from({ length: 8 }, (_, index) =>
      pushImage(index % 2 ? both : both.toReversed(), `team/${index % 3}`, [common, randomBlob(300_000 * (index + 1))]),
    );
    const images = await Promise.all(pushes);
    await Promise.all(images.flatMap((image) => both.map((url) => pullImage(url, image))));
  });

  it("refuses an upload that another registry began with another http.secret", async () => {
    await using one = await startStoreRegistry(storage({ rootDirectory: "secrets" }));
    await using two = await startStoreRegistry(storage({ rootDirectory: "secrets" }));
    await expect(pushImage([one.url, two.url], "moby/box", [randomBlob(1000)])).rejects.toThrow("BLOB_UPLOAD_INVALID");
  });

  it("sends clients on to the store with redirect, and not without", async () => {
    await using store = await startStoreRegistry(storage(), { options: { redirect: true } });
    const image = await pushImage([store.url], "moby/redirected", [randomBlob(mebibyte)]);
    const blob = `/v2/moby/redirected/blobs/${image.blobs[0]?.digest}`;
    const answer = await fetch(store.url + blob, { redirect: "manual" });
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toMatch(new RegExp(`^${s3.endpoint}/images/.*X-Amz-Signature=`));
    await pullImage(store.url, image);
    await using direct = await startStoreRegistry(storage());
    expect((await fetch(direct.url + blob, { redirect: "manual" })).status).toBe(200);
  });

  it("reaches a store whose certificate an authority of its own signed, and no other such store", async () => {
    const address = await bridgeAddress();
    const authority = await makeTestAuthority("Store CA");
    const tls = await issueTestCertificate(authority, [address]);
    await using secure = await startS3Server({ address, tls, buckets: ["images"] });
    const { endpoint: regionEndpoint, accessKey, secretKey } = secure;
    const place = storage({ regionEndpoint, accessKey, secretKey });
    await using store = await startStoreRegistry(place, { authority: authority.certificate });
    await pullImage(store.url, await pushImage([store.url], "moby/box", [randomBlob(1000)]));
    const other = await makeTestAuthority("Another CA");
    await using stranger = await startStoreRegistry(place, { authority: other.certificate });
    await expect(pushImage([stranger.url], "moby/box", [randomBlob(1000)])).rejects.toThrow("unknown authority");
  });

  /** The digests of all blobs that are there as objects, no matter what names them. */
  async function blobsIn(folder: string): Promise<string[]> {
    const files = await readdir(join(s3.folder, folder), { recursive: true });
    return files.flatMap((file) => {
      const digest = /blobs\/sha256\/..\/([0-9a-f]{64})\/data$/.exec(file)?.[1];
      return digest ? [`sha256:${digest}`] : [];
    });
  }
});
