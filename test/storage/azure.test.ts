import { afterAll, beforeAll, expect, it } from "vitest";
import { type Azurite, azuriteObstacle, startAzurite } from "../support/azurite.ts";
import { bridgeAddress } from "../support/s3-server.ts";
import { issueTestCertificate, makeTestAuthority, type TestCertificate } from "../support/test-certificates.ts";
import { collectsGarbage } from "./collects-garbage.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { storageProblemOf } from "./storage-problem-of.ts";
import { type StoreRegistry, startStoreRegistry } from "./store-registry.ts";

describeWithStore("a registry on Azure Blob Storage (Azurite)", await azuriteObstacle(), () => {
  let address: string;
  let authority: TestCertificate;
  let azurite: Azurite;
  beforeAll(async () => {
    address = await bridgeAddress();
    authority = await makeTestAuthority("Store CA");
    azurite = await startAzurite(address, await issueTestCertificate(authority, ["*.blob.store.test"]), "images");
  });
  afterAll(() => azurite?.[Symbol.asyncDispose]());

  function start(more: object = {}): Promise<StoreRegistry> {
    const { accountName, accountKey, port } = azurite;
    const host = `${accountName}.blob.store.test`;
    const storage = { accountName, accountKey, container: "images", serviceUrl: `https://${host}:${port}` };
    return startStoreRegistry(
      { driver: "azure", ...storage, rootDirectory: "/team-a", ...more },
      { authority: authority.certificate, hosts: [`${host}:${address}`], options: { redirect: false } },
    );
  }

  it("pushes, pulls and deletes, and garbage collection removes the blobs", async () => {
    await using store = await start();
    await collectsGarbage(store, 9_000_000);
  });

  it.each<[string, object, string]>([
    ["a container that is not there", { container: "nowhere" }, "correct storage.azure.container"],
    ["a wrong account key", { accountKey: "MTIz" }, "correct storage.azure.accountKey"],
  ])("says of %s what is wrong", async (_, more, advice) => {
    await using store = await start(more);
    expect(await storageProblemOf(store)).toContain(advice);
  });
});
