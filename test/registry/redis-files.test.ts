import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryOptions } from "../../components/registry/configuration/registry-options.ts";
import { redisFiles } from "../../components/registry/redis-files.ts";
import { opensslIssue, type Pair } from "../certificates/openssl-issue.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { settingsProblems, testSettings } from "../support/test-settings.ts";

describe("Certificates of Redis", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let pair: Pair;
  beforeAll(async () => {
    folder = await temporaryFolder();
    pair = await opensslIssue(folder.path, "redis");
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const redis = (tls: Record<string, unknown>) => ({
    cache: "redis" as const,
    redis: { addresses: ["redis:6379"], tls },
  });
  const problems = (tls: Record<string, unknown>, more = {}) =>
    settingsProblems(() => testSettings({ hosts: ["a.test"], registry: redis(tls), ...more }));

  it("given as PEM text arrive as files, and the configuration names those", () => {
    const tls = { rootCas: [pair.certificate, "/etc/ssl/cert.pem"], certificate: pair.certificate, key: pair.key };
    const { options, files } = redisFiles(registryOptions.parse(redis(tls)), "/etc/distribution");
    expect(files).toEqual([
      { name: "redis-ca-1.crt", content: pair.certificate, onChange: "restart" },
      { name: "redis-client.crt", content: pair.certificate, onChange: "restart" },
      { name: "redis-client.key", content: pair.key, onChange: "restart" },
    ]);
    expect(options.redis?.tls).toEqual({
      rootCas: ["/etc/distribution/redis-ca-1.crt", "/etc/ssl/cert.pem"],
      certificate: "/etc/distribution/redis-client.crt",
      key: "/etc/distribution/redis-client.key",
    });
    expect(problems(tls)).toEqual([]);
  });

  it("given as the path of a file that is not in the container are refused", () => {
    const reason = "is /etc/redis/ca.crt, and nothing puts that file into the container: give its PEM text instead";
    expect(problems({ rootCas: ["/etc/redis/ca.crt"] })).toEqual([`registry.redis.tls.rootCas[0] ${reason}`]);
    const service = { storage: { s3: { bucket: "images", region: "eu-central-1" } } };
    expect(problems({ rootCas: ["/etc/redis/ca.crt"] }, { ...service, service: {} })).toEqual([
      `registry.redis.tls.rootCas[0] ${reason}, or add the file to service.files`,
    ]);
    const files = { "/etc/redis/ca.crt": pair.certificate };
    expect(problems({ rootCas: ["/etc/redis/ca.crt"] }, { ...service, service: { files } })).toEqual([]);
    expect(problems({ rootCas: ["/etc/redis/ca.crt"] }, { image: { name: "example.com/mine:3.1.2" } })).toEqual([]);
  });

  it.each([
    [
      "a key among the authorities",
      () => ({ rootCas: [pair.key] }),
      "registry.redis.tls.rootCas[0] holds a private key",
    ],
    ["half a certificate", () => ({ rootCas: [pair.certificate.slice(0, 200)] }), "is the text cut off?"],
    [
      "a certificate for a key",
      () => ({ certificate: pair.certificate, key: pair.certificate }),
      "registry.redis.tls.key holds a certificate",
    ],
    [
      "a relative path",
      () => ({ rootCas: ["ca.crt"] }),
      'registry.redis.tls.rootCas[0] is "ca.crt"; it must be PEM text',
    ],
  ])("given as %s are refused", (_name, tls, words) => {
    expect(problems(tls())).toEqual([expect.stringContaining(words)]);
  });
});
