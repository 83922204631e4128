import { describe, expect, it } from "vitest";
import type { Resource } from "../../policy/resources/resource.ts";
import type { StackRule } from "../../policy/resources/rule.ts";
import { unknown } from "../../policy/resources/value.ts";
import { bucketEncrypted } from "../../policy/rules/bucket-encrypted.ts";
import { bucketPrivate } from "../../policy/rules/bucket-private.ts";
import { bucketTlsOnly } from "../../policy/rules/bucket-tls-only.ts";
import { dataRetained } from "../../policy/rules/data-retained.ts";
import { noAuthWithoutTls } from "../../policy/rules/no-auth-without-tls.ts";
import { noPublishedPortWithoutTls } from "../../policy/rules/no-published-port-without-tls.ts";
import { replicasShareStorage } from "../../policy/rules/replicas-share-storage.ts";
import {
  bucketStack,
  configurationWithout,
  container,
  resource,
  secret,
  service,
  sharedConfiguration,
  urnOf,
} from "./resources.ts";

const loopback = [{ internal: 5000, external: 5000, ip: "127.0.0.1" }];
const volume = (fields: Partial<Resource> = {}) =>
  resource("docker:index/volume:Volume", "data", { name: "registry-data" }, fields);
const outputs = (volumeKept: boolean) =>
  resource("pulumi:pulumi:Stack", "shop-dev", { volume: "registry-data", volumeKept });
/** What the kit makes: the files of the configuration in a volume, their contents not known before the first up. */
const kitFiles = (...names: string[]) =>
  resource("registry-kit:files:VolumeFiles", "files", {
    volume: "registry-files",
    files: names.map((name) => ({ name, content: unknown })),
  });
const kitContainer = container({
  uploads: [],
  command: ["/etc/distribution/config.yml"],
  volumes: [
    { volumeName: "registry-files", containerPath: "/etc/distribution" },
    { volumeName: "registry-data", containerPath: "/var/lib/registry" },
  ],
});
const kitService = (...files: string[]) =>
  service(
    {},
    {
      labels: [{ label: "io.registry-kit.registry", value: "registry" }],
      args: ["/run/secrets/config.yml"],
      secrets: files.map((fileName) => ({ fileName, secretId: unknown, secretName: unknown })),
    },
  );
const [bucket] = bucketStack();
const httpEnv = ["REGISTRY_AUTH=htpasswd", "REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd"];

/** Rule, what is judged, its resources, and what the message must name; nothing: it is kept. */
const cases: [StackRule, string, Resource[], RegExp?][] = [
  [noAuthWithoutTls, "both", [container()]],
  [noAuthWithoutTls, "neither", [container({}, configurationWithout("tls", "auth"))]],
  [noAuthWithoutTls, "users alone", [container({}, configurationWithout("tls"))], /users and no TLS/],
  [noAuthWithoutTls, "users alone, by variables", [container({ uploads: [], envs: httpEnv })], /users and no TLS/],
  [
    noAuthWithoutTls,
    "TLS by variables",
    [container({ uploads: [], envs: [...httpEnv, "REGISTRY_HTTP_TLS_CERTIFICATE=/c"] })],
  ],
  [
    noAuthWithoutTls,
    "users alone behind a proxy, with no port",
    [container({ ports: [] }, configurationWithout("tls"))],
  ],
  [noAuthWithoutTls, "users alone, of a service", [service(), secret(configurationWithout("tls"))], /users and no TLS/],
  [noAuthWithoutTls, "a secret that is not of this stack", [service()]],
  [
    noAuthWithoutTls,
    "the kit's files before the first up",
    [kitContainer, kitFiles("config.yml", "server.key", "htpasswd")],
  ],
  [noAuthWithoutTls, "the kit's files, no certificate", [kitContainer, kitFiles("config.yml", "htpasswd")], /no TLS/],
  [
    noAuthWithoutTls,
    "a folder of the host",
    [container({ uploads: [], volumes: [{ hostPath: "/srv/c", containerPath: "/etc/distribution" }] })],
  ],
  [
    noPublishedPortWithoutTls,
    "the kit's service before the first up",
    [kitService("config.yml", "server.crt", "server.key")],
  ],
  [noPublishedPortWithoutTls, "the kit's service, no certificate", [kitService("config.yml")], /Port 5000/],
  [noPublishedPortWithoutTls, "TLS", [container()]],
  [noPublishedPortWithoutTls, "loopback", [container({ ports: loopback }, configurationWithout("tls", "auth"))]],
  [
    noPublishedPortWithoutTls,
    "every address",
    [container({}, configurationWithout("tls", "auth"))],
    /Port 5000 is published on 0\.0\.0\.0/,
  ],
  [noPublishedPortWithoutTls, "the image's own configuration", [container({ uploads: [] })], /Port 5000/],
  [
    noPublishedPortWithoutTls,
    "the host's network",
    [container({ uploads: [], ports: [], networkMode: "host" })],
    /A port/,
  ],
  [noPublishedPortWithoutTls, "a service", [service(), secret(configurationWithout("tls", "auth"))], /Port 5000/],
  [
    noPublishedPortWithoutTls,
    "a commented-out certificate",
    [container({}, configurationWithout("tls").replace("http:", "# tls: x\nhttp:"))],
    /Port/,
  ],
  [dataRetained, "a protected volume", [container(), volume({ protect: true })]],
  [dataRetained, "a foreign volume", [container()]],
  [dataRetained, "a volume that the outputs call kept", [container(), volume(), outputs(true)]],
  [dataRetained, "a volume that goes", [container(), volume(), outputs(false)], /deletes it/],
  [
    dataRetained,
    "the volume of a pull-through cache",
    [container({}, "proxy: { remoteurl: https://registry-1.docker.io }"), volume()],
  ],
  [
    dataRetained,
    "the volume of a cache whose variables say so",
    [container({ envs: ["REGISTRY_PROXY_REMOTEURL=https://registry-1.docker.io"] }), volume()],
  ],
  [
    dataRetained,
    "the volume of the kit's cache, whose configuration is not known yet",
    [
      {
        ...kitContainer,
        urn: urnOf(
          "registry-kit:index:PullThroughCache$registry-kit:index:RegistryContainer$docker:index/container:Container",
          "cache-docker-hub",
        ),
      },
      kitFiles("config.yml"),
      volume(),
    ],
  ],
  [
    dataRetained,
    "the volume of the kit's registry, whose configuration is not known yet",
    [kitContainer, kitFiles("config.yml"), volume()],
    /deletes it/,
  ],
  [dataRetained, "no volume", [container({ volumes: [] })], /in the container itself/],
  [
    dataRetained,
    "a volume without a name",
    [container({ volumes: [{ containerPath: "/var/lib/registry" }] })],
    /without a name/,
  ],
  [
    dataRetained,
    "a tmpfs",
    [container({ volumes: [], mounts: [{ type: "tmpfs", target: "/var/lib/registry" }] })],
    /tmpfs/,
  ],
  [
    dataRetained,
    "a folder of the host",
    [container({ volumes: [{ hostPath: "/srv", containerPath: "/var/lib/registry" }] })],
  ],
  [dataRetained, "object storage", [container({ volumes: [] }, sharedConfiguration())]],
  [dataRetained, "a bucket that is emptied", bucketStack({ bucket: { forceDestroy: true } }), /forceDestroy/],
  [replicasShareStorage, "replicas on S3", [service(), secret()]],
  [
    replicasShareStorage,
    "one replica on a volume",
    [service({ mode: { replicated: { replicas: 1 } } }), secret(configurationWithout())],
  ],
  [replicasShareStorage, "replicas on a volume", [service(), secret(configurationWithout())], /do not share/],
  [
    replicasShareStorage,
    "a volume, and a configuration that is not known yet",
    [service({}, { mounts: [{ type: "volume", source: "d", target: "/var/lib/registry" }] })],
    /one replica/,
  ],
  [
    replicasShareStorage,
    "one on each node",
    [service({ mode: { global: true } }), secret(configurationWithout())],
    /do not share/,
  ],
  [
    replicasShareStorage,
    "no http.secret",
    [service(), secret(sharedConfiguration(configurationWithout("secret")))],
    /http\.secret/,
  ],
  [bucketPrivate, "all switches", bucketStack()],
  [bucketPrivate, "no block", bucket ? [bucket] : [], /BucketPublicAccessBlock/],
  [bucketPrivate, "a switch off", bucketStack({ block: { ignorePublicAcls: false } }), /ignorePublicAcls off/],
  [bucketEncrypted, "a rule", bucketStack()],
  [bucketEncrypted, "a rule that is not known yet", bucketStack({ encryption: { rules: unknown } })],
  [bucketEncrypted, "no rule", bucketStack({ encryption: { rules: [] } }), /AES256/],
  [bucketTlsOnly, "a policy", bucketStack()],
  [bucketTlsOnly, "a policy that is not known yet", bucketStack({ policy: { policy: unknown } })],
  [
    bucketTlsOnly,
    "a policy for something else",
    bucketStack({ policy: { policy: '{"Statement":{"Effect":"Allow"}}' } }),
    /SecureTransport/,
  ],
  [bucketTlsOnly, "no policy", bucketStack().slice(0, 3), /SecureTransport/],
];

describe("rules about a stack", () => {
  for (const [rule, what, resources, message] of cases)
    it(`${rule.name}: ${what}`, () => {
      const found = rule.checkStack(resources);
      if (!message) return expect(found).toEqual([]);
      expect(found).toHaveLength(1);
      expect(found[0]?.message).toMatch(message);
      expect(resources.map(({ urn }) => urn)).toContain(found[0]?.urn);
    });
});
