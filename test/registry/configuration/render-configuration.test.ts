import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  type RegistryOptionsInput,
  registryOptions,
} from "../../../components/registry/configuration/registry-options.ts";
import {
  configurationTree,
  renderConfiguration,
} from "../../../components/registry/configuration/render-configuration.ts";
import {
  type StorageConfigurationInput,
  storageConfiguration,
} from "../../../components/registry/configuration/storage-configuration.ts";
import { configurationInput } from "./configuration-input.ts";

const upstream = {
  url: "https://registry-1.docker.io",
  ttl: "0s",
  credentialHelper: "/etc/distribution/upstream-credentials",
};

describe("config.yml", () => {
  it("of a registry on a volume, with TLS and users", () => {
    expect(
      render(
        {},
        { driver: "filesystem" },
        {
          tls: { certificate: "/etc/distribution/tls.crt", key: "/etc/distribution/tls.key" },
          htpasswd: { path: "/auth/htpasswd" },
        },
      ),
    ).toMatchInlineSnapshot(`
      "auth:
        htpasswd:
          path: "/auth/htpasswd"
          realm: "Registry"
      catalog:
        maxentries: 1000
      health:
        storagedriver:
          enabled: true
          interval: "10s"
          threshold: 3
      http:
        addr: ":5000"
        draintimeout: "30s"
        headers:
          "X-Content-Type-Options":
            - "nosniff"
        relativeurls: false
        secret: "0123456789"
        tls:
          certificate: "/etc/distribution/tls.crt"
          key: "/etc/distribution/tls.key"
          minimumtls: "tls1.2"
      log:
        accesslog:
          disabled: false
        fields:
          environment: "production"
          service: "registry"
        formatter: "text"
        level: "info"
      storage:
        cache:
          blobdescriptor: "inmemory"
        delete:
          enabled: true
        filesystem:
          rootdirectory: "/var/lib/registry"
        maintenance:
          readonly:
            enabled: false
          uploadpurging:
            age: "168h"
            dryrun: false
            enabled: true
            interval: "24h"
        redirect:
          disable: false
      tags:
        maxtags: 1000
      validation:
        disabled: false
        manifests:
          indexes:
            platforms: "all"
          urls:
            allow: []
            deny: []
      version: "0.1"
      "
    `);
  });

  it("of a cache", () => {
    expect(parse(render({}, { driver: "inmemory" }, { upstream })).proxy).toMatchInlineSnapshot(`
      {
        "exec": {
          "command": "/etc/distribution/upstream-credentials",
          "lifetime": "1m",
        },
        "remoteurl": "https://registry-1.docker.io",
        "ttl": "0s",
      }
    `);
  });

  it("refuses a cache that cannot forget", () => {
    expect(() => render({ delete: false }, { driver: "inmemory" }, { upstream })).toThrow("delete is false");
  });

  it("has no section that opens, sends or caches anything unless asked", () => {
    const config = parse(render({ cache: "none" }));
    for (const key of ["auth", "proxy", "redis", "notifications", "middleware"]) expect(config).not.toHaveProperty(key);
    for (const key of ["debug", "tls", "host"]) expect(config.http).not.toHaveProperty(key);
    expect(config.storage).not.toHaveProperty("cache");
  });

  it("refuses an empty secret", () => {
    expect(() => render({}, { driver: "inmemory" }, { httpSecret: "" })).toThrow("httpSecret is empty");
  });

  it("refuses to listen for debugging on the registry's own port", () => {
    expect(() => render({ debug: { port: 5000 } })).toThrow("debug.port 5000 is the port of the registry itself");
  });

  it("parses back to what was rendered, whatever the options", () => {
    fc.assert(
      fc.property(configurationInput, ({ options, storage, ...rest }) => {
        const spec = { options: registryOptions.parse(options), storage: storageConfiguration.parse(storage), ...rest };
        const text = renderConfiguration(spec);
        expect(parse(text)).toEqual(JSON.parse(JSON.stringify(configurationTree(spec))));
        expect(renderConfiguration(structuredClone(spec))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

type Rest = Partial<Omit<Parameters<typeof renderConfiguration>[0], "options" | "storage">>;

function render(
  options: RegistryOptionsInput,
  storage: StorageConfigurationInput = { driver: "inmemory" },
  rest: Rest = {},
): string {
  return renderConfiguration({
    options: registryOptions.parse(options),
    storage: storageConfiguration.parse(storage),
    port: 5000,
    httpSecret: "0123456789",
    ...rest,
  });
}
