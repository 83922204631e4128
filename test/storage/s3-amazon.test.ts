import { afterAll, beforeAll, expect, it } from "vitest";
import { curl } from "../support/curl.ts";
import { type S3Server, s3ServerObstacle, startS3Server } from "../support/s3-server.ts";
import { startNetwork } from "../support/start-network.ts";
import { issueTestCertificate, makeTestAuthority, type TestCertificate } from "../support/test-certificates.ts";
import { describeWithStore } from "./describe-with-store.ts";
import { type PushedImage, pushImage, randomBlob } from "./image-traffic.ts";
import { type StoreRegistry, startStoreRegistry } from "./store-registry.ts";

const region = "eu-central-1";
/** Where Amazon documents a bucket "images" of that region to be. */
const hosts = {
  standard: `images.s3.${region}.amazonaws.com`,
  accelerate: "images.s3-accelerate.amazonaws.com",
  dualStack: `images.s3.dualstack.${region}.amazonaws.com`,
};

describeWithStore("a registry on Amazon S3, played by versitygw under Amazon's names", await s3ServerObstacle(), () => {
  let network: Awaited<ReturnType<typeof startNetwork>>;
  let address: string;
  let authority: TestCertificate;
  let s3: S3Server;
  beforeAll(async () => {
    // This machine's address in a network of the test's own: its port 443 is nobody's.
    network = await startNetwork();
    address = network.subnet.replace(/\d+\/\d+$/, "1");
    authority = await makeTestAuthority("Amazon CA");
    const tls = await issueTestCertificate(authority, Object.values(hosts));
    s3 = await startS3Server({ address, port: 443, tls, buckets: ["images"], virtualDomain: "s3" });
  });
  afterAll(async () => {
    await s3?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
  });

  /** Knows the store by one name alone. */
  function start(host: string, more: object): Promise<StoreRegistry> {
    const { accessKey, secretKey } = s3;
    return startStoreRegistry(
      { driver: "s3", bucket: "images", region, accessKey, secretKey, ...more },
      { authority: authority.certificate, hosts: [`${host}:${address}`] },
    );
  }

  it.concurrent.each<[keyof typeof hosts, object]>([
    ["standard", {}],
    ["accelerate", { accelerate: true }],
    ["dualStack", { useDualStack: true }],
  ])("uses the %s host alone, over TLS, and sends pulls on to it with a signature that holds", async (kind, more) => {
    await using store = await start(hosts[kind], { rootDirectory: kind, ...more });
    const image = await pushImage([store.url], "moby/box", [randomBlob(6_000_000)]);
    const target = await redirectOf(store, image);
    expect([target.protocol, target.host]).toEqual(["https:", hosts[kind]]);
    expect(target.pathname).toMatch(new RegExp(`^/${kind}/docker/registry/v2/blobs/sha256/`));
    expect(target.searchParams.get("X-Amz-Expires")).toBe("1200");
    expect(await statusOf(target)).toBe(200);
    target.pathname = target.pathname.replace(/data$/, "other");
    expect(await statusOf(target)).toBe(403);
  });

  async function redirectOf({ url }: StoreRegistry, { blobs }: PushedImage): Promise<URL> {
    const answer = await fetch(`${url}/v2/moby/box/blobs/${blobs[0]?.digest}`, { redirect: "manual" });
    expect(answer.status).toBe(307);
    return new URL(answer.headers.get("location") ?? "");
  }

  /** As a client that resolves Amazon's names. */
  async function statusOf(url: URL): Promise<number> {
    return (await curl(url.href, { address, authority: authority.certificate })).status;
  }
});
