import type { ConfigurationSpec, UpstreamSpec } from "./configuration-spec.ts";
import { headerLists, httpSection } from "./http-section.ts";
import type { RegistryOptions } from "./registry-options.ts";
import { renderYaml, type YamlMap } from "./render-yaml.ts";
import { storageSection } from "./storage-section.ts";

/** How long the registry uses credentials before it asks the helper again: new ones need no restart. */
const credentialLifetime = "1m";

/**
 * The whole `config.yml` of a registry (Distribution 3.1): a pure function, the same text for the same spec. The text holds
 * secrets. The registry reads it once, at its start: whatever changes it restarts the registry (only the contents of the
 * htpasswd file are read again). No `REGISTRY_*` variable may be set beside it: they are parsed as YAML and replace
 * whole sections.
 *
 * @throws Error where the parts of the spec contradict each other.
 */
export function renderConfiguration(spec: ConfigurationSpec): string {
  return renderYaml(configurationTree(spec));
}

/** The configuration as data, with the registry's own keys. */
export function configurationTree(spec: ConfigurationSpec): YamlMap {
  const { options, storage, htpasswd } = spec;
  refuseContradictions(spec);
  return {
    version: "0.1",
    log: {
      accesslog: { disabled: !options.log.accessLog },
      fields: options.log.fields,
      formatter: options.log.format,
      level: options.log.level,
    },
    storage: storageSection(storage, options),
    auth: htpasswd && { htpasswd: { path: htpasswd.path, realm: options.realm } },
    http: httpSection(spec),
    health: healthSection(options.health),
    notifications: notificationsSection(options.notifications),
    redis: redisSection(options.redis),
    catalog: { maxentries: options.catalog.maxEntries },
    tags: { maxtags: options.maxTags },
    proxy: proxySection(spec.upstream),
    validation: validationSection(options.validation),
  };
}

function refuseContradictions({ options, port, httpSecret, upstream }: ConfigurationSpec): void {
  if (upstream && !options.delete) {
    throw new Error("delete is false beside an upstream: a pull-through cache deletes what it no longer needs.");
  }
  if (httpSecret === "") {
    throw new Error("httpSecret is empty: the registry would make one up at each start, which ends running uploads.");
  }
  if (options.debug?.port === port) {
    throw new Error(`debug.port ${port} is the port of the registry itself: choose another one.`);
  }
}

function healthSection(health: RegistryOptions["health"]): YamlMap {
  return {
    file: unlessEmpty(health.files.map(({ path, interval }) => ({ file: path, interval }))),
    http: unlessEmpty(
      health.http.map(({ url, status, headers, timeout, interval, threshold }) => ({
        uri: url,
        statuscode: status,
        headers: headerLists(headers),
        timeout,
        interval,
        threshold,
      })),
    ),
    storagedriver: {
      enabled: health.storage.enabled,
      interval: health.storage.interval,
      threshold: health.storage.threshold,
    },
    tcp: unlessEmpty(
      health.tcp.map(({ address, timeout, interval, threshold }) => ({ addr: address, timeout, interval, threshold })),
    ),
  };
}

function notificationsSection(notifications: RegistryOptions["notifications"]): YamlMap | undefined {
  if (notifications.endpoints.length === 0) return undefined;
  return {
    events: { includereferences: notifications.includeReferences },
    endpoints: notifications.endpoints.map((endpoint) => ({
      name: endpoint.name,
      url: endpoint.url,
      headers: headerLists(endpoint.headers),
      timeout: endpoint.timeout,
      threshold: endpoint.threshold,
      backoff: endpoint.backoff,
      ignore: { actions: endpoint.ignoreActions, mediatypes: endpoint.ignoreMediaTypes },
    })),
  };
}

function redisSection(redis: RegistryOptions["redis"]): YamlMap | undefined {
  if (!redis) return undefined;
  return {
    addrs: redis.addresses,
    connmaxidletime: redis.maxIdleTime,
    db: redis.database,
    dialtimeout: redis.dialTimeout,
    mastername: redis.masterName,
    maxidleconns: redis.maxIdleConnections,
    password: redis.password,
    poolsize: redis.poolSize,
    readtimeout: redis.readTimeout,
    sentinelpassword: redis.sentinelPassword,
    sentinelusername: redis.sentinelUsername,
    tls: redis.tls && { certificate: redis.tls.certificate, key: redis.tls.key, rootcas: redis.tls.rootCas },
    username: redis.username,
    writetimeout: redis.writeTimeout,
  };
}

function proxySection(upstream: UpstreamSpec | undefined): YamlMap | undefined {
  if (!upstream) return undefined;
  const { url, ttl, credentialHelper } = upstream;
  return { remoteurl: url, ttl, exec: { command: credentialHelper, lifetime: credentialLifetime } };
}

function validationSection({ enabled, urls, platforms }: RegistryOptions["validation"]): YamlMap {
  const indexes = Array.isArray(platforms) ? { platforms: "list", platformlist: platforms } : { platforms };
  return { disabled: !enabled, manifests: { indexes, urls } };
}

function unlessEmpty<Item>(list: Item[]): Item[] | undefined {
  return list.length > 0 ? list : undefined;
}
