import { access } from "node:fs/promises";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { s3ServerObstacle, startS3Server } from "../support/s3-server.ts";

const obstacle = await s3ServerObstacle();
const title = obstacle ? `the S3 server of the tests (skipped: ${obstacle})` : "the S3 server of the tests";

describe.skipIf(obstacle !== undefined)(title, () => {
  it("keeps objects over a restart, knows its users apart, and leaves nothing", async () => {
    let folder: string;
    {
      await using server = await startS3Server({ buckets: ["images"] });
      folder = server.folder;
      const { endpoint, region, accessKey: accessKeyId, secretKey: secretAccessKey } = server;
      const options = { endpoint, region, forcePathStyle: true, maxAttempts: 1 };
      const client = new S3Client({ ...options, credentials: { accessKeyId, secretAccessKey } });
      await client.send(new PutObjectCommand({ Bucket: "images", Key: "a/b", Body: "content" }));
      await server.stop();
      await expect(client.send(new GetObjectCommand({ Bucket: "images", Key: "a/b" }))).rejects.toThrow();
      await server.start();
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "images", Key: "a/b" }));
      expect(await Body?.transformToString()).toBe("content");

      const user = await server.createUser();
      const other = new S3Client({
        ...options,
        credentials: { accessKeyId: user.accessKey, secretAccessKey: user.secretKey },
      });
      await expect(other.send(new GetObjectCommand({ Bucket: "images", Key: "a/b" }))).rejects.toThrow("Access Denied");
      expect(await server.accessLog()).toEqual([
        expect.stringMatching(/s3_PutObject a\/b .* 200 /),
        expect.stringMatching(/s3_GetObject a\/b .* 200 /),
        expect.stringMatching(/s3_GetObject a\/b .* 403 /),
      ]);
    }
    await expect(access(folder)).rejects.toThrow("ENOENT");
  });
});
