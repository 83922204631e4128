import { randomBytes } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goTool } from "../support/go-tool.ts";
import { bridgeAddress } from "../support/s3-server.ts";
import { freePortOn, startServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { collectsGarbage } from "./collects-garbage.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { storageProblemOf } from "./storage-problem-of.ts";
import { startStoreRegistry } from "./store-registry.ts";

const minio = {
  package: "github.com/minio/minio",
  version: "v0.0.0-20260212201848-7aac2a2c5b7c",
  tooSlow: "takes four minutes to compile",
};
const program = await goTool(minio).catch((error: Error) => error);
const obstacle = program instanceof Error ? program.message : undefined;

describeWithStore("a registry on MinIO", obstacle, () => {
  const accessKey = randomBytes(10).toString("hex");
  const secretKey = randomBytes(20).toString("hex");
  const owned: AsyncDisposable[] = [];
  let regionEndpoint: string;
  beforeAll(async () => {
    const address = await bridgeAddress();
    const port = await freePortOn(address);
    const folder = await temporaryFolder();
    owned.push(folder);
    regionEndpoint = `http://${address}:${port}`;
    const command = [String(program), "server", "--quiet", "--address", `${address}:${port}`, folder.path];
    const env = { MINIO_ROOT_USER: accessKey, MINIO_ROOT_PASSWORD: secretKey, HOME: folder.path };
    owned.push(await startServerProcess(command, { env, url: `${regionEndpoint}/minio/health/ready` }));
    const client = new S3Client({
      endpoint: regionEndpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    });
    await client.send(new CreateBucketCommand({ Bucket: "images" }));
  });
  afterAll(async () => {
    for (const part of owned.toReversed()) await part[Symbol.asyncDispose]();
  });

  const start = (more: object = {}, redirect = false) =>
    startStoreRegistry(
      { driver: "s3", bucket: "images", region: "us-east-1", regionEndpoint, accessKey, secretKey, ...more },
      { options: { redirect } },
    );

  it("pushes in parts, pulls, redirects and deletes, and garbage collection removes the blobs", async () => {
    await using store = await start({ chunkSize: 5_242_880 }, true);
    await collectsGarbage(store, 30_000_000);
  });

  it.each<[string, object, string]>([
    ["a bucket that is not there", { bucket: "nowhere" }, "there is no such bucket"],
    ["an unknown access key", { accessKey: "nobody" }, "correct storage.s3.accessKey"],
    ["a wrong secret key", { secretKey: "wrong-secret" }, "correct storage.s3.secretKey"],
  ])("says of %s what is wrong", async (_, more, advice) => {
    await using store = await start(more);
    expect(await storageProblemOf(store)).toContain(advice);
  });
});
