import { expect, it } from "vitest";
import { bridgeAddress } from "../support/s3-server.ts";
import { skewedS3ServerObstacle, startSkewedS3Server } from "../support/skewed-s3-server.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { storageProblemOf } from "./storage-problem-of.ts";
import { startStoreRegistry } from "./store-registry.ts";

describeWithStore("a registry whose S3 store has another clock", await skewedS3ServerObstacle(), () => {
  it.each([
    ["20 minutes fast", 20],
    ["20 minutes slow", -20],
  ])("asks to have the clocks set when the store's is %s", async (_, minutes) => {
    const problem = await problemWith(minutes);
    expect(problem).toMatch(/RequestTimeTooSkewed|Forbidden/);
    expect(problem).toContain("set them by NTP");
  });

  it("passes the store's look at the time when the clocks are 10 minutes apart", async () => {
    // What comes after that look: this server can't list uploads, so it can't take a push.
    expect(await problemWith(10)).toContain("NotImplemented");
  });

  async function problemWith(minutes: number): Promise<string | undefined> {
    const bucket = "images";
    await using server = await startSkewedS3Server(await bridgeAddress(), bucket, minutes);
    const { endpoint: regionEndpoint, region, accessKey, secretKey } = server;
    await using store = await startStoreRegistry({
      driver: "s3",
      bucket,
      region,
      regionEndpoint,
      accessKey,
      secretKey,
    });
    return await storageProblemOf(store);
  }
});
