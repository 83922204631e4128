import fc from "fast-check";
import type { RegistryOptionsInput } from "../../../components/registry/configuration/registry-options.ts";
import type { StorageConfigurationInput } from "../../../components/registry/configuration/storage-configuration.ts";

const name = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.constantFrom("1e3", "true", "null", "0x1F", "[a", "&a", "a: b #c", "%", " a ", `"'$`, "no", "2001-01-01"),
  )
  .filter((value) => value.isWellFormed());
/** What the registry compiles at its start: RE2. */
const pattern = fc.constantFrom("^https://", "[&#%:]", "a|b", " a ", `"'$`, "no", "1e3", "a: b #c", "漢+");
const line = name.filter((value) => !/\p{Cc}/u.test(value));
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
const duration = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom("s", "m", "h"))
  .map(([n, unit]) => `${n}${unit}`);
const headers = fc
  .dictionary(token, fc.oneof(line, fc.array(line, { minLength: 1, maxLength: 3 })))
  .filter((given) => new Set(Object.keys(given).map((key) => key.toLowerCase())).size === Object.keys(given).length);
const count = fc.integer({ min: 1, max: 100_000 });

const redis = part({
  addresses: fc.constantFrom<string[]>(["redis:6379"], ["[::1]:1", "b:2"]),
  username: line,
  password: line,
  sentinelPassword: line,
  database: count,
  dialTimeout: duration,
}).map((given) => ({ ...given, addresses: given.addresses ?? ["a:1"] }));

const options: fc.Arbitrary<RegistryOptionsInput> = part({
  log: part({
    level: fc.constantFrom("error", "warn", "info", "debug"),
    accessLog: fc.boolean(),
    fields: fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,20}$/), name),
  }),
  delete: fc.constant(true),
  readOnly: fc.boolean(),
  redirect: fc.boolean(),
  uploadPurging: part({ enabled: fc.boolean(), age: duration, interval: duration }),
  tagLookupConcurrency: count,
  redis,
  headers,
  drainTimeout: duration,
  relativeUrls: fc.boolean(),
  debug: part({ port: fc.integer({ min: 5001, max: 65_535 }), prometheus: fc.boolean() }),
  realm: line,
  maxTags: count,
  notifications: part({
    endpoints: fc.uniqueArray(fc.record({ name, url: fc.webUrl(), headers, timeout: duration }), {
      selector: (endpoint) => endpoint.name,
      maxLength: 3,
    }),
  }),
  validation: part({
    enabled: fc.boolean(),
    urls: part({ allow: fc.array(pattern), deny: fc.array(pattern) }),
    platforms: fc.array(fc.record({ os: name, architecture: name }), { minLength: 1 }),
  }),
}).map((given) => ({ ...given, cache: given.redis ? ("redis" as const) : ("none" as const) }));

/** What a service makes as a key: one line, without a blank at its ends. */
const credential = line.map((text) => `k${text}k`);

/** A name that every object store takes; some of them YAML would read as numbers. */
const storeName = fc.stringMatching(/^[0-9][a-f0-9]{2,20}$/);

const storage: fc.Arbitrary<StorageConfigurationInput> = fc.oneof(
  fc.record({ driver: fc.constant("filesystem" as const), rootDirectory: line.map((folder) => `/${folder}`) }),
  fc.record({
    driver: fc.constant("s3" as const),
    bucket: storeName,
    region: line,
    accessKey: credential,
    secretKey: credential,
    regionEndpoint: fc.webUrl().map(originOf),
  }),
  fc.record({
    driver: fc.constant("azure" as const),
    accountName: storeName,
    container: storeName,
    servicePrincipal: fc.record({ tenantId: line, clientId: line, secret: credential }),
  }),
  fc.record({
    driver: fc.constant("gcs" as const),
    bucket: storeName,
    credentials: fc
      .dictionary(
        name.filter((key) => key !== "__proto__"),
        name,
      )
      .map((fields) => ({ ...fields, type: "service_account" })),
  }),
);

/** Specs of all kinds, before they are parsed. */
export const configurationInput = fc.record(
  {
    options,
    storage,
    port: fc.integer({ min: 1, max: 5000 }),
    tls: fc.record({ certificate: name, key: name }),
    htpasswd: fc.record({ path: name }),
    upstream: fc.record({ url: fc.webUrl().map(originOf), ttl: duration, credentialHelper: name }),
    httpSecret: name,
  },
  { requiredKeys: ["options", "storage", "port", "httpSecret"] },
);

function originOf(url: string): string {
  return new URL(url).origin;
}

/** A record any of whose keys may be missing. */
function part<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}
