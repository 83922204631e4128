import { expect, it } from "vitest";
import { registryOptions } from "../../../components/registry/configuration/registry-options.ts";
import { renderConfiguration } from "../../../components/registry/configuration/render-configuration.ts";

it("config.yml holds every option", () => {
  expect(
    renderConfiguration({
      options: registryOptions.parse({
        log: { level: "warn", format: "json", accessLog: false, fields: { environment: "staging", yes: "1e3" } },
        delete: false,
        readOnly: true,
        uploadPurging: { enabled: false, age: "1h", interval: "30m" },
        tagLookupConcurrency: 8,
        redirect: false,
        cache: "redis",
        redis: {
          addresses: ["redis-1:6379", "redis-2:6379"],
          username: "moby",
          password: "0123",
          database: 1,
          masterName: "main",
          sentinelUsername: "watch",
          sentinelPassword: "[&#%",
          poolSize: 20,
          maxIdleConnections: 5,
          maxIdleTime: "5m",
          dialTimeout: "1s",
          readTimeout: "2s",
          writeTimeout: "3s",
          tls: { rootCas: ["/tls/ca.crt"], certificate: "/tls/client.crt", key: "/tls/client.key" },
        },
        headers: { "x-content-type-options": "nosniff", "Strict-Transport-Security": ["max-age=1"] },
        drainTimeout: "1m",
        externalUrl: "https://images.example.com",
        minimumTls: "1.3",
        debug: { port: 6001, prometheus: true },
        health: {
          storage: { enabled: false, interval: "1m", threshold: 5 },
          files: [{ path: "/down", interval: "1s" }],
          http: [{ url: "https://example.com/up", status: 204, headers: { "X-Key": "1" } }],
          tcp: [{ address: "db:5432", timeout: "1s", interval: "2s", threshold: 1 }],
        },
        catalog: { maxEntries: 50 },
        maxTags: 60,
        notifications: {
          includeReferences: true,
          endpoints: [
            {
              name: "audit",
              url: "https://example.com/events",
              headers: { Authorization: "Bearer 1" },
              ignoreActions: ["pull"],
            },
          ],
        },
        validation: {
          urls: { allow: ["^https://example\\.com/"], deny: ["#"] },
          platforms: [{ os: "linux", architecture: "arm64" }],
        },
      }),
      storage: { driver: "inmemory" },
      port: 5000,
      httpSecret: "0123456789",
    }),
  ).toMatchInlineSnapshot(`
      "catalog:
        maxentries: 50
      health:
        file:
          - file: "/down"
            interval: "1s"
        http:
          - headers:
              "X-Key":
                - "1"
            interval: "10s"
            statuscode: 204
            threshold: 3
            timeout: "5s"
            uri: "https://example.com/up"
        storagedriver:
          enabled: false
          interval: "1m"
          threshold: 5
        tcp:
          - addr: "db:5432"
            interval: "2s"
            threshold: 1
            timeout: "1s"
      http:
        addr: ":5000"
        debug:
          addr: "127.0.0.1:6001"
          prometheus:
            enabled: true
            path: "/metrics"
        draintimeout: "1m"
        headers:
          "Strict-Transport-Security":
            - "max-age=1"
          "x-content-type-options":
            - "nosniff"
        host: "https://images.example.com"
        relativeurls: false
        secret: "0123456789"
      log:
        accesslog:
          disabled: true
        fields:
          environment: "staging"
          "yes": "1e3"
        formatter: "json"
        level: "warn"
      notifications:
        endpoints:
          - backoff: "1s"
            headers:
              "Authorization":
                - "Bearer 1"
            ignore:
              actions:
                - "pull"
              mediatypes: []
            name: "audit"
            threshold: 10
            timeout: "1s"
            url: "https://example.com/events"
        events:
          includereferences: true
      redis:
        addrs:
          - "redis-1:6379"
          - "redis-2:6379"
        connmaxidletime: "5m"
        db: 1
        dialtimeout: "1s"
        mastername: "main"
        maxidleconns: 5
        password: "0123"
        poolsize: 20
        readtimeout: "2s"
        sentinelpassword: "[&#%"
        sentinelusername: "watch"
        tls:
          certificate: "/tls/client.crt"
          key: "/tls/client.key"
          rootcas:
            - "/tls/ca.crt"
        username: "moby"
        writetimeout: "3s"
      storage:
        cache:
          blobdescriptor: "redis"
        delete:
          enabled: false
        inmemory: {}
        maintenance:
          readonly:
            enabled: true
          uploadpurging:
            age: "1h"
            dryrun: false
            enabled: false
            interval: "30m"
        redirect:
          disable: true
        tag:
          concurrencylimit: 8
      tags:
        maxtags: 60
      validation:
        disabled: false
        manifests:
          indexes:
            platformlist:
              - architecture: "arm64"
                os: "linux"
            platforms: "list"
          urls:
            allow:
              - "^https://example\\\\.com/"
            deny:
              - "#"
      version: "0.1"
      "
    `);
});
