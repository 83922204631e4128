import { parse } from "yaml";
import type { Resource } from "./resource.ts";
import { swarmData } from "./swarm-data.ts";
import type { Value } from "./value.ts";
import { at, isProperties, objects, textOf, unknown } from "./value.ts";
import type { Workload } from "./workload.ts";
import { registryLabel } from "./workload.ts";

/** What a registry is configured to do; undefined: cannot be known from the resources, or not yet. */
export interface RegistrySettings {
  tls: boolean | undefined;
  auth: boolean | undefined;
  /** Whether images are in object storage, which any number of replicas may share. */
  sharedStorage: boolean | undefined;
  httpSecret: boolean | undefined;
  /** Whether it is a pull-through cache: what it holds is at its upstream, too. */
  cache: boolean | undefined;
}

interface File {
  path: string;
  content: Value | undefined;
}

const configurationFolders = ["/etc/distribution", "/etc/docker/registry"];
const nothing: RegistrySettings = { tls: false, auth: false, sharedStorage: false, httpSecret: false, cache: false };
const anything: RegistrySettings = {
  tls: undefined,
  auth: undefined,
  sharedStorage: undefined,
  httpSecret: undefined,
  cache: undefined,
};
/** Types of a resource's parents stand in its URN: known before the configuration is. */
const insideCache = "registry-kit:index:PullThroughCache$";

/** Reads a registry's configuration out of the resources that give it its files, and its `REGISTRY_*` variables. */
export function registrySettings(workload: Workload, resources: Resource[]): RegistrySettings {
  const { files, complete } = filesOf(workload, resources);
  const configuration = files.find(({ path }) => /\/config\.ya?ml$/.test(path));
  const written = configuration
    ? typeof configuration.content === "string"
      ? parsed(configuration.content)
      : named(files, complete)
    : hasForeignConfiguration(workload, complete)
      ? anything
      : nothing;
  const settings = withVariables(written, Object.keys(workload.environment));
  return workload.urn.includes(insideCache) ? { ...settings, cache: true } : settings;
}

/** Whether every file of the configuration is known by name. */
function filesOf(workload: Workload, resources: Resource[]): { files: File[]; complete: boolean } {
  const volumes = workload.mounts.filter(({ target }) => configurationFolders.includes(target));
  const written = resources.filter(
    ({ type, properties }) =>
      type === "registry-kit:files:VolumeFiles" && volumes.some(({ source }) => source === properties.volume),
  );
  const inVolumes = written.flatMap(({ properties }) =>
    objects(properties.files).map(({ name, content }) => ({
      path: `${configurationFolders[0]}/${textOf(name)}`,
      content,
    })),
  );
  const placed = workload.files.map(({ path, content, source }) => ({
    path,
    content: source === undefined ? content : contentOf(source, resources),
  }));
  const ofTheKit = registryLabel in workload.labels && placed.length > 0;
  return { files: [...inVolumes, ...placed], complete: inVolumes.length > 0 || ofTheKit };
}

/** What a config or secret of a swarm holds. */
function contentOf(source: Value, resources: Resource[]): Value {
  const found = resources.find(
    ({ type, properties }) =>
      /^docker:index\/(serviceConfig:ServiceConfig|secret:Secret)$/.test(type) &&
      source !== unknown &&
      (properties.name === source || properties.id === source),
  );
  return (found && swarmData(found)) ?? unknown;
}

/** A folder of the host or a volume that something else fills. */
function hasForeignConfiguration({ mounts, container }: Workload, complete: boolean): boolean {
  const covered = mounts.some(({ target }) => configurationFolders.some((folder) => target.startsWith(folder)));
  const commands = [container.command, container.commands, container.args].flat();
  return !complete && (covered || commands.some((word) => typeof word === "string" && /\.ya?ml$/.test(word)));
}

function parsed(text: string): RegistrySettings {
  const tree = parse(text) as Value;
  const storage = at(tree, "storage");
  const drivers = isProperties(storage) ? Object.keys(storage).filter((key) => !options.includes(key)) : [];
  const tls = at(tree, "http", "tls");
  return {
    tls: isProperties(tls) && (Boolean(tls.certificate) || isProperties(tls.letsencrypt)),
    auth: isProperties(at(tree, "auth")),
    sharedStorage: drivers.some((driver) => driver !== "filesystem" && driver !== "inmemory"),
    httpSecret: Boolean(at(tree, "http", "secret")),
    cache: Boolean(at(tree, "proxy", "remoteurl")),
  };
}

/** Keys of `storage` that are no drivers; source: Distribution's configuration reference. */
const options = ["cache", "delete", "maintenance", "redirect", "tag", "readonly"];

/** The content is not known yet, but files that the kit writes go by fixed names. */
function named(files: File[], complete: boolean): RegistrySettings {
  if (!complete) return anything;
  const has = (pattern: RegExp) => files.some(({ path }) => pattern.test(path));
  return { ...anything, tls: has(/\.(key|crt)$/), auth: has(/\/htpasswd$/) };
}

/** Variables add to what is written; some replace it. */
function withVariables(written: RegistrySettings, names: string[]): RegistrySettings {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  return {
    tls: has(/^REGISTRY_HTTP_TLS_(CERTIFICATE|LETSENCRYPT)/) || written.tls,
    auth: has(/^REGISTRY_AUTH(_|$)/) || written.auth,
    sharedStorage:
      has(/^REGISTRY_STORAGE_(?!FILESYSTEM|INMEMORY|CACHE|DELETE|MAINTENANCE|REDIRECT|TAG|READONLY)/) ||
      written.sharedStorage,
    httpSecret: has(/^REGISTRY_HTTP_SECRET$/) || written.httpSecret,
    cache: has(/^REGISTRY_PROXY_REMOTEURL$/) || written.cache,
  };
}
