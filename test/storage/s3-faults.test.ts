import { PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StorageConfigurationInput } from "../../components/registry/configuration/storage-configuration.ts";
import { poll } from "../support/poll.ts";
import {
  bridgeAddress,
  type S3Credentials,
  type S3Server,
  s3ServerObstacle,
  startS3Server,
} from "../support/s3-server.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { pullImage, pushImage, randomBlob, sendBlob } from "./image-traffic.ts";
import { storageProblemOf } from "./storage-problem-of.ts";
import { startStoreRegistry } from "./store-registry.ts";

/** What the driver needs, by distribution's documentation. */
const bucketActions = ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"];
const objectActions = [
  "s3:PutObject",
  "s3:GetObject",
  "s3:DeleteObject",
  "s3:ListMultipartUploadParts",
  "s3:AbortMultipartUpload",
];

describeWithStore("a registry whose S3 store fails", await s3ServerObstacle(), () => {
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3Server({ address: await bridgeAddress(), buckets: ["images", "limited"] });
  });
  afterAll(() => s3?.[Symbol.asyncDispose]());

  function storage(more: object = {}): StorageConfigurationInput {
    const { region, endpoint: regionEndpoint, accessKey, secretKey } = s3;
    return { driver: "s3", bucket: "images", region, regionEndpoint, accessKey, secretKey, ...more };
  }

  it.concurrent.each<[string, () => object, RegExp]>([
    [
      "a bucket that is not there",
      () => ({ bucket: "nowhere" }),
      /NoSuchBucket: .*: there is no such bucket; create it/,
    ],
    ["an unknown access key", () => ({ accessKey: "nobody" }), /InvalidAccessKeyId: .*correct storage\.s3\.accessKey/],
    ["a wrong secret key", () => ({ secretKey: "wrong" }), /SignatureDoesNotMatch: .*correct storage\.s3\.secretKey/],
    ["another region", () => ({ region: "us-west-1" }), /the bucket is in another storage\.s3\.region/],
    [
      "a port where nobody listens",
      () => ({ regionEndpoint: "http://172.17.0.1:1" }),
      /connection refused: the Docker host/,
    ],
    [
      "a name that nobody knows",
      () => ({ regionEndpoint: "http://store.invalid" }),
      /no such host: .* does not know the store/,
    ],
  ])("says of %s what is wrong", async (_, more, problem) => {
    await using store = await startStoreRegistry(storage(more()));
    const found = await storageProblemOf(store);
    expect(found).toMatch(problem);
    expect(found).not.toContain(s3.secretKey);
  });

  it("says which permission is missing, whichever is missing", async () => {
    const user = await s3.createUser();
    const all = [...bucketActions, ...objectActions];
    await permit(user, all);
    await using store = await startStoreRegistry(
      storage({ bucket: "limited", accessKey: user.accessKey, secretKey: user.secretKey }),
    );
    expect(await storageProblemOf(store)).toBeUndefined();
    for (const action of all) {
      await permit(
        user,
        all.filter((one) => one !== action),
      );
      const problem = await storageProblemOf(store);
      // The driver does without them until an upload is given up, or Amazon is asked where the bucket is.
      if (["s3:GetBucketLocation", "s3:AbortMultipartUpload"].includes(action)) expect(problem).toBeUndefined();
      else expect(problem).toMatch(new RegExp(`AccessDenied.*: the credentials lack .*${action}`));
    }
  });

  it("comes up while the store is down, says so, and works as soon as it is there", async () => {
    await using server = await startS3Server({ address: await bridgeAddress(), buckets: ["images"] });
    const { endpoint: regionEndpoint, accessKey, secretKey } = server;
    await server.stop();
    const health = { storage: { interval: "1s", threshold: 1 } };
    await using store = await startStoreRegistry(storage({ regionEndpoint, accessKey, secretKey }), {
      options: { health },
    });
    const status = async () => (await fetch(`${store.url}/`)).status;
    await poll("the registry is unhealthy", async () => ((await status()) === 503 ? true : undefined));
    expect(await storageProblemOf(store)).toContain("connection refused");
    await server.start();
    await poll("the registry is healthy", async () => ((await status()) === 200 ? true : undefined));
    await pullImage(store.url, await pushImage([store.url], "moby/box", [randomBlob(1000)]));
  });

  it("fails a push cleanly when the store goes down in its middle, serves nothing of it, and takes it again", async () => {
    await using server = await startS3Server({ address: await bridgeAddress(), buckets: ["images"] });
    const { endpoint: regionEndpoint, accessKey, secretKey } = server;
    await using store = await startStoreRegistry(
      storage({ regionEndpoint, accessKey, secretKey, chunkSize: 5_242_880 }),
    );
    const blob = randomBlob(40_000_000);
    const failed = await sendBlob(store.url, "moby/box", blob, async () => {
      await poll("parts are in the store", async () =>
        (await server.accessLog()).some((line) => line.includes("s3_UploadPart ")) ? true : undefined,
      );
      await server.stop();
    });
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(failed.body).toMatch(/connection refused|connection reset|EOF/);
    await server.start();
    const get = () => fetch(`${store.url}/v2/moby/box/blobs/${blob.digest}`);
    expect((await get()).status).toBe(404);
    expect((await sendBlob(store.url, "moby/box", blob)).status).toBe(201);
    expect(Buffer.from(await (await get()).arrayBuffer()).equals(blob.content)).toBe(true);
  });

  /** Exactly these actions on bucket "limited", as a policy of that bucket. */
  async function permit({ accessKey }: S3Credentials, actions: string[]): Promise<void> {
    const statement = (resource: string, wanted: string[]) => ({
      Effect: "Allow",
      Principal: { AWS: [accessKey] },
      Action: actions.filter((action) => wanted.includes(action)),
      Resource: [resource],
    });
    const bucket = "arn:aws:s3:::limited";
    const Statement = [statement(bucket, bucketActions), statement(`${bucket}/*`, objectActions)];
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: s3.region,
      forcePathStyle: true,
      credentials: { accessKeyId: s3.accessKey, secretAccessKey: s3.secretKey },
    });
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    await client.send(new PutBucketPolicyCommand({ Bucket: "limited", Policy }));
  }
});
