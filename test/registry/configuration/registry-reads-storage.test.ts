import { expect, it } from "vitest";
import type { StorageConfigurationInput } from "../../../components/registry/configuration/storage-configuration.ts";
import { captured, captureOn } from "./capture.ts";
import { awkwardText, describeWithRegistry } from "./describe-with-registry.ts";
import { pushImage } from "./push.ts";
import { RealRegistry, specOf } from "./real-registry.ts";
import { selfSigned } from "./self-signed.ts";

describeWithRegistry("storage drivers of the registry 3.1.2", () => {
  it("keeps images in a folder", async () => {
    const storage = { driver: "filesystem", rootDirectory: "/data: [1e3] #x", maxThreads: 50 } as const;
    await using registry = await RealRegistry.start(specOf({}, { storage }));
    await pushImage(registry, "moby/box", "one");
    const found = await registry.run("ls", `${storage.rootDirectory}/docker/registry/v2/repositories/moby`);
    expect(found.trim()).toBe("box");
  });

  it("signs requests to S3 with the keys given, bucket in the path, no redirect", async () => {
    const storage = {
      driver: "s3" as const,
      regionEndpoint: "http://127.0.0.1:9000",
      accessKey: "1e3",
      secretKey: awkwardText,
      bucket: "images",
      region: "yes",
    };
    await using registry = await RealRegistry.start(specOf({}, { storage }));
    expect(await registry.log()).toContain("backend redirection disabled");
    await captureOn(registry, 9000);
    const asked = registry.request("/v2/_catalog").catch(() => undefined);
    const request = await captured(registry, "Authorization");
    expect(request).toMatch(/^(GET|HEAD) \/images[/?]/);
    expect(request).toMatch(/Credential=1e3\/\d{8}\/yes\/s3\/aws4_request/);
    await asked;
  });

  it.each<[string, StorageConfigurationInput]>([
    [
      "S3 of Amazon",
      { driver: "s3", region: "eu-central-1", bucket: "images", storageClass: "STANDARD_IA", keyId: "1e3" },
    ],
    [
      "S3 with everything set",
      {
        driver: "s3",
        region: "us-east-1",
        regionEndpoint: "https://127.0.0.1:1",
        bucket: "1e3",
        accessKey: "0x1F",
        secretKey: awkwardText,
        rootDirectory: "/1_000",
        chunkSize: 5_242_880,
        multipartCopyChunkSize: 5_368_709_120,
        multipartCopyMaxConcurrency: 1,
        multipartCopyThresholdSize: 0,
        objectAcl: "bucket-owner-full-control",
        userAgent: awkwardText,
        v4Auth: false,
        skipVerify: true,
        redirectEndpoint: "https://cdn.example.com",
        logLevel: "debugwithrequesterrors",
      },
    ],
    [
      "Azure by key",
      { driver: "azure", accountName: "moby", container: "images", accountKey: "MTIzNA==", rootDirectory: "1e3" },
    ],
    [
      "Azure by service principal",
      {
        driver: "azure",
        accountName: "moby",
        container: "images",
        servicePrincipal: { tenantId: "yes", clientId: "1e3", secret: awkwardText },
      },
    ],
    [
      "Azure by default credentials",
      {
        driver: "azure",
        accountName: "moby",
        container: "images",
        serviceUrl: "http://127.0.0.1:1",
        skipVerify: true,
      },
    ],
  ])("starts with %s", async (_, storage) => {
    await using registry = await RealRegistry.start(specOf({}, { storage }));
    expect((await registry.request("/v2/")).status).toBe(200);
  });

  it.each([["credentials"], ["keyFile"]] as const)("starts with Google Cloud Storage by %s", async (way) => {
    const [, key] = await selfSigned();
    const account = {
      type: "service_account",
      client_email: "1e3",
      private_key: key,
      private_key_id: "1",
      client_id: "2",
      // The driver refuses a key that its YAML reader takes for something other than text.
      yes: "1",
    };
    const storage = {
      driver: "gcs" as const,
      bucket: "1e3",
      chunkSize: 262_144,
      maxConcurrency: 30,
      userAgent: awkwardText,
      ...(way === "credentials" ? { credentials: account } : { keyFile: "/gcs/key.json" }),
    };
    await using registry = await RealRegistry.start(specOf({}, { storage }), {
      files: { "/gcs/key.json": JSON.stringify(account) },
    });
    expect((await registry.request("/v2/")).status).toBe(200);
  });
});
