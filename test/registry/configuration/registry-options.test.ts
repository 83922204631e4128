import { describe, expect, it } from "vitest";
import { z } from "zod";
import { registryOptions } from "../../../components/registry/configuration/registry-options.ts";
import { storageConfiguration } from "../../../components/registry/configuration/storage-configuration.ts";
import { describeIssues } from "../../../lib/validation/describe-issues.ts";

const schemas = { options: registryOptions, storage: storageConfiguration };

describe("the registry's options", () => {
  it("have a secure default each", () => {
    expect(registryOptions.parse({})).toMatchInlineSnapshot(`
      {
        "cache": "inmemory",
        "catalog": {
          "maxEntries": 1000,
        },
        "delete": true,
        "drainTimeout": "30s",
        "headers": {},
        "health": {
          "files": [],
          "http": [],
          "storage": {
            "enabled": true,
            "interval": "10s",
            "threshold": 3,
          },
          "tcp": [],
        },
        "log": {
          "accessLog": true,
          "fields": {
            "environment": "production",
            "service": "registry",
          },
          "format": "text",
          "level": "info",
        },
        "maxTags": 1000,
        "minimumTls": "1.2",
        "notifications": {
          "endpoints": [],
          "includeReferences": false,
        },
        "readOnly": false,
        "realm": "Registry",
        "relativeUrls": false,
        "uploadPurging": {
          "age": "168h",
          "enabled": true,
          "interval": "24h",
        },
        "validation": {
          "enabled": true,
          "platforms": "all",
          "urls": {
            "allow": [],
            "deny": [],
          },
        },
      }
    `);
  });

  it("are all described in a sentence", () => {
    const silent = fields().filter(({ description }) => !/^[A-Z*].*[.)]$/s.test(description ?? ""));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it("mark every secret", () => {
    expect(
      fields()
        .filter(({ secret }) => secret)
        .map(({ path }) => path),
    ).toMatchInlineSnapshot(`
      [
        "options.redis.password",
        "options.redis.sentinelPassword",
        "options.redis.tls.key",
        "options.health.http.headers",
        "options.notifications.endpoints.headers",
        "storage.secretKey",
        "storage.sessionToken",
        "storage.accountKey",
        "storage.servicePrincipal.secret",
        "storage.credentials",
      ]
    `);
  });

  it.each<[string, unknown, string]>([
    ["an unknown option", { drainTimeOut: "1s" }, "drainTimeOut"],
    ["an unknown level", { log: { level: "trace" } }, "log.level"],
    ["a name of a log field with a space", { log: { fields: { "a b": "1" } } }, "log.fields.a b"],
    ["text that is not Unicode", { log: { fields: { a: "\ud800" } } }, "log.fields.a"],
    ["a number in place of a duration", { drainTimeout: 30 }, "drainTimeout"],
    ["a duration without a unit", { drainTimeout: "30" }, "drainTimeout"],
    ["no time to drain", { drainTimeout: "0s" }, "drainTimeout"],
    ["a duration past 64 bits of nanoseconds", { drainTimeout: "999999h" }, "drainTimeout"],
    ["a purge without pause", { uploadPurging: { interval: "0s" } }, "uploadPurging.interval"],
    ["a header's name with a colon", { headers: { "A:": "1" } }, "headers.A:"],
    ["a header on two lines", { headers: { A: "1\r\nB: 2" } }, "headers.A"],
    ["a header twice", { headers: { "X-A": "1", "x-a": "2" } }, "headers"],
    ["a header without a value", { headers: { A: [] } }, "headers.A"],
    ["a realm on two lines", { realm: "a\nb" }, "realm"],
    ["an empty realm", { realm: "" }, "realm"],
    ["an external URL with a path", { externalUrl: "https://a/b" }, "externalUrl"],
    ["an external URL without a scheme", { externalUrl: "a:5000" }, "externalUrl"],
    ["an external URL with a user", { externalUrl: "https://u:p@a" }, "externalUrl"],
    ["TLS 1.1", { minimumTls: "1.1" }, "minimumTls"],
    ["a port out of range", { debug: { port: 65_536 } }, "debug.port"],
    ["no entries in the catalog", { catalog: { maxEntries: 0 } }, "catalog.maxEntries"],
    ["a fraction of a tag", { maxTags: 1.5 }, "maxTags"],
    ["a relative path", { health: { files: [{ path: "a" }] } }, "health.files[0].path"],
    ["a TCP check without a port", { health: { tcp: [{ address: "a" }] } }, "health.tcp[0].address"],
    ["no Redis server", { cache: "redis", redis: { addresses: [] } }, "redis.addresses"],
    ["half a client certificate", { cache: "redis", redis: { addresses: ["a:1"], tls: { key: "/k" } } }, "redis.tls"],
    ["an empty TLS section", { cache: "redis", redis: { addresses: ["a:1"], tls: {} } }, "redis.tls"],
    ["a cache in no Redis", { cache: "redis" }, "cache"],
    ["a Redis without use", { redis: { addresses: ["a:1"] } }, "redis"],
    ["relative URLs to another host", { relativeUrls: true, externalUrl: "https://a" }, "relativeUrls"],
    ["two hooks of one name", { notifications: { endpoints: [hook("a"), hook("a")] } }, "notifications.endpoints"],
    [
      "a hook with a password in its address",
      { notifications: { endpoints: [{ name: "a", url: "http://u:p@b" }] } },
      "notifications.endpoints[0].url",
    ],
    ["an empty list of platforms", { validation: { platforms: [] } }, "validation.platforms"],
  ])("refuse %s, and name it", (_, given, path) => {
    expect(problems(registryOptions, given)).toEqual([path]);
  });

  it("say what the name of a header or a log field may be", () => {
    const result = registryOptions.safeParse({ headers: { "A:": "1" }, log: { fields: { "a b": "1" } } });
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      "is not the name of a log field: use letters, digits, dot, dash and underscore, first a letter",
      "is not the name of an HTTP header field: use letters, digits and dashes",
    ]);
  });

  it("never repeat a secret", () => {
    const secret = "hunter2\n";
    const given = {
      externalUrl: `https://u:${secret}@a`,
      redis: { addresses: [`:${secret}@a:1`], password: "\ud800hunter2" },
      notifications: { endpoints: [{ name: "a", url: `http://u:${secret}@b`, headers: { Authorization: secret } }] },
    };
    const result = registryOptions.safeParse(given);
    expect(result.success).toBe(false);
    expect(result.error?.issues.length).toBeGreaterThan(4);
    expect(JSON.stringify(result.error?.issues)).not.toContain("hunter2");
  });
});

describe("the storage's configuration", () => {
  const s3 = { driver: "s3", bucket: "images", region: "eu-central-1" };
  const minio = { ...s3, region: "minio", regionEndpoint: "http://minio:9000" };
  const azure = { driver: "azure", accountName: "moby", container: "images" };
  const gcs = { driver: "gcs", bucket: "images" };

  it.each<[string, unknown, string]>([
    ["an unknown driver", { driver: "swift" }, "driver"],
    ["a relative folder", { driver: "filesystem", rootDirectory: "data" }, "rootDirectory"],
    ["fewer threads than the driver uses", { driver: "filesystem", maxThreads: 5 }, "maxThreads"],
    ["S3 without a region, also with an endpoint", { ...s3, region: undefined, regionEndpoint: "http://a" }, "region"],
    ["half of the keys", { ...s3, accessKey: "a" }, ""],
    ["small parts", { ...s3, chunkSize: 1024 }, "chunkSize"],
    ["old signatures at Amazon", { ...s3, v4Auth: false }, "v4Auth"],
    ["an endpoint without a scheme", { ...s3, regionEndpoint: "minio:9000" }, "regionEndpoint"],
    ["a storage class that must be thawed", { ...s3, storageClass: "GLACIER" }, "storageClass"],
    ["an account key that isn't base64", { ...azure, accountKey: "%" }, "accountKey"],
    [
      "two ways to sign in",
      { ...azure, accountKey: "MTIz", servicePrincipal: { tenantId: "t", clientId: "c", secret: "s" } },
      "",
    ],
    ["parts that Google refuses", { ...gcs, chunkSize: 300_000 }, "chunkSize"],
    ["two keys", { ...gcs, keyFile: "/k", credentials: { type: "b" } }, ""],
    ["a key that isn't JSON", { ...gcs, credentials: "-----BEGIN" }, "credentials"],
    ["a region that Amazon hasn't", { ...s3, region: "minio" }, "region"],
    ["acceleration by another server", { ...minio, accelerate: true }, "accelerate"],
    ["two address families at another server", { ...minio, useDualStack: true }, "useDualStack"],
    ["acceleration with dots in the name", { ...s3, bucket: "my.images", accelerate: true }, "accelerate"],
    ["a key of no use", { ...minio, keyId: "k" }, "keyId"],
  ])("refuses %s, and names it", (_, given, path) => {
    expect(problems(storageConfiguration, given)).toEqual([path]);
  });

  it.each<[string, unknown, number]>([
    ["an S3 bucket", { ...s3, bucket: "My_Bucket." }, 2],
    ["a short S3 bucket", { ...s3, bucket: "ab" }, 1],
    ["an S3 bucket like an address", { ...s3, bucket: "10.0.0.1" }, 1],
    ["an S3 bucket with a reserved name", { ...s3, bucket: "xn--a..b-s3alias" }, 2],
    ["an S3 bucket on a server of one's own", { ...minio, bucket: `-${"a".repeat(63)}` }, 2],
    ["an Azure account", { ...azure, accountName: "Moby-Images-and-something-more" }, 2],
    ["an Azure container", { ...azure, container: "-my--images_" }, 3],
    ["a Google bucket", { ...gcs, bucket: "Googled" }, 1],
    ["another Google bucket", { ...gcs, bucket: "goog-g00gle-.." }, 3],
  ])("names every rule that %s breaks", (_, given, count) => {
    expect(problems(storageConfiguration, given)).toHaveLength(count);
  });

  it("takes names at the edge of the rules", () => {
    for (const bucket of ["abc", "1.2.3", "a-b.c-d", "a".repeat(63), "images--euc1-az1--x-s3"]) {
      expect(problems(storageConfiguration, { ...s3, bucket })).toEqual([]);
    }
    expect(problems(storageConfiguration, { ...gcs, bucket: `a_b.${"c".repeat(63)}` })).toEqual([]);
  });

  it("takes a service account's key as its file's text", () => {
    const parsed = storageConfiguration.parse({ ...gcs, credentials: '{"type":"service_account"}' });
    expect(parsed).toMatchObject({ credentials: { type: "service_account" } });
  });
});

function hook(name: string): { name: string; url: string } {
  return { name, url: "http://a/" };
}

function problems(schema: z.ZodType, given: unknown): string[] {
  const result = schema.safeParse(given);
  return result.success ? [] : describeIssues(result.error).map(({ path }) => path);
}

interface Field {
  path: string;
  description: string | undefined;
  secret: boolean;
}

/** Every field of the schemas, read off their JSON Schema, as the generated docs do it. */
function fields(): Field[] {
  return Object.entries(schemas).flatMap(([name, schema]) => walk(name, z.toJSONSchema(schema, { io: "input" })));
}

function walk(path: string, schema: z.core.JSONSchema.BaseSchema): Field[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const at = `${path}.${key}`;
    if (typeof property === "boolean") return [];
    return [{ path: at, description: property.description, secret: property.secret === true }, ...walk(at, property)];
  });
  const inner = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flat();
  return [...properties, ...inner.flatMap((one) => (typeof one === "object" ? walk(path, one) : []))];
}
