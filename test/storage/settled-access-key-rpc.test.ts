import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSecret, makeSecret } from "../../lib/protocol/property-value.ts";
import type { PluginClient, ResourceClient } from "../provider/plugin-client.ts";
import { startPlugin } from "../provider/plugin-client.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";

/** What S3 answers to a key that only a part of it knows yet. */
const unknownKey = "<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist</Message></Error>";

describe("SettledAccessKey over gRPC", () => {
  const requests: { url: string; authorization: string }[] = [];
  /** What the next requests get; then all is well. */
  let refusals: boolean[] = [];
  const s3 = createServer(({ url = "", headers }, response) => {
    requests.push({ url, authorization: headers.authorization ?? "" });
    const refused = refusals.shift() ?? false;
    response.writeHead(refused ? 403 : 200).end(refused ? unknownKey : "<ListBucketResult/>");
  });
  let plugin: PluginClient;
  let key: ResourceClient;
  beforeAll(async () => {
    await new Promise<void>((resolve) => s3.listen(0, "127.0.0.1", resolve));
    plugin = await startPlugin();
    key = plugin.resource("registry-kit:storage:SettledAccessKey");
  });
  afterAll(async () => {
    s3.close();
    await plugin[Symbol.asyncDispose]();
  });

  const inputs = () => ({
    accessKey: "AKIA1",
    secretKey: makeSecret("the secret"),
    region: "eu-central-1",
    url: `http://127.0.0.1:${(s3.address() as AddressInfo).port}/images/`,
    prefix: "team a/ü",
  });

  it("asks until S3 accepts the key three times in a row", async () => {
    refusals = [true, false, true, false, false];
    const made = await key.create(inputs());
    expect(made.outputs).toEqual({ accepted: "AKIA1" });
    expect(requests).toHaveLength(6);
    expect(new Set(requests.map(({ url }) => url))).toEqual(
      new Set(["/images/?list-type=2&max-keys=1&prefix=team%20a%2F%C3%BC"]),
    );
    for (const { authorization } of requests)
      expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIA1\/\d{8}\/eu-central-1\/s3\//);
    expect(isSecret(made.inputs.secretKey)).toBe(true);
    expect(JSON.stringify(made.outputs)).not.toContain("the secret");
  });

  it("asks again for another key, and only then", async () => {
    const made = { id: "settled-access-key", inputs: inputs(), outputs: { accepted: "AKIA1" } };
    expect(await key.diff(made, inputs())).toMatchObject({ action: "none" });
    const next = { ...inputs(), accessKey: "AKIA2" };
    expect(await key.diff(made, next)).toMatchObject({ action: "update", properties: ["accessKey"] });
    requests.length = 0;
    expect((await key.update(made, next)).outputs).toEqual({ accepted: "AKIA2" });
    expect(requests).toHaveLength(3);
  });

  it("trusts the authority of a store of your own, beside the public ones", async () => {
    const authority = await makeTestAuthority("Store CA");
    const { certificate: cert, key: pem } = await issueTestCertificate(authority, ["127.0.0.1"]);
    await using secure = createSecureServer({ cert, key: pem }, (_, response) => response.end("<ListBucketResult/>"));
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/images/`;
    const made = await key.create({ ...inputs(), url, authority: authority.certificate });
    expect(made.outputs).toEqual({ accepted: "AKIA1" });
    secure.closeAllConnections();
  });
});
