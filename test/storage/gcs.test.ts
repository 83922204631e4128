import { afterAll, beforeAll, expect, it } from "vitest";
import { type GcsServer, gcsServerObstacle, googleNames, startGcsServer } from "../support/gcs-server.ts";
import { startNetwork } from "../support/start-network.ts";
import { issueTestCertificate, makeTestAuthority, type TestCertificate } from "../support/test-certificates.ts";
import { collectsGarbage } from "./collects-garbage.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { storageProblemOf } from "./storage-problem-of.ts";
import { type StoreRegistry, startStoreRegistry } from "./store-registry.ts";

describeWithStore("a registry on Google Cloud Storage (fake-gcs-server)", await gcsServerObstacle(), () => {
  let network: Awaited<ReturnType<typeof startNetwork>>;
  let address: string;
  let authority: TestCertificate;
  let gcs: GcsServer;
  beforeAll(async () => {
    // This machine's address in a network of the test's own: its port 443 is nobody's.
    network = await startNetwork();
    address = network.subnet.replace(/\d+\/\d+$/, "1");
    authority = await makeTestAuthority("Store CA");
    gcs = await startGcsServer(address, await issueTestCertificate(authority, googleNames), "images");
  });
  afterAll(async () => {
    await gcs?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
  });

  function start(more: object = {}): Promise<StoreRegistry> {
    const storage = { bucket: "images", credentials: gcs.credentials, rootDirectory: "/team-a", chunkSize: 262_144 };
    return startStoreRegistry(
      { driver: "gcs", ...storage, ...more },
      {
        authority: authority.certificate,
        hosts: googleNames.map((name) => `${name}:${address}`),
        options: { redirect: false },
      },
    );
  }

  it("pushes, pulls and deletes, and garbage collection removes the blobs", async () => {
    await using store = await start();
    await collectsGarbage(store, 9_000_000);
  });

  it("says of a bucket that is not there what is wrong", async () => {
    await using store = await start({ bucket: "nowhere" });
    expect(await storageProblemOf(store)).toContain("there is no such bucket");
  });
});
