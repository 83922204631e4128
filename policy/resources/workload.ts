import { isRegistryImage } from "./image-reference.ts";
import type { Resource } from "./resource.ts";
import type { Properties, Value } from "./value.ts";
import { at, isProperties, objects, textOf, unknown } from "./value.ts";

/** What a container and a swarm service have in common. */
export interface Workload {
  kind: "container" | "service";
  urn: string;
  image: Value | undefined;
  environment: Record<string, Value>;
  /** Of the container; for a service its own ones, too. */
  labels: Record<string, Value>;
  /** Published on the host; `address` 0.0.0.0 is every one. */
  ports: { port: Value | undefined; address: Value }[];
  mounts: Mount[];
  /** Files that the engine puts into it. `source` names the config or secret. */
  files: { path: string; content: Value | undefined; source?: Value | undefined }[];
  /** The specification of the container. */
  container: Properties;
}

export interface Mount {
  /** Path in the container. */
  target: string;
  /** Name of a volume or path on the host; undefined for tmpfs and anonymous volumes. */
  source: Value | undefined;
  type: string;
}

/** What the kit's registries carry; its value is their name. */
export const registryLabel = "io.registry-kit.registry";

const everyAddress = "0.0.0.0";

/** The container or service that a resource of @pulumi/docker is; undefined for others. */
export function workloadOf({ type, urn, properties }: Resource): Workload | undefined {
  if (type === "docker:index/container:Container") return containerWorkload(urn, properties);
  if (type === "docker:index/service:Service") return serviceWorkload(urn, properties);
  return undefined;
}

/** Whether it runs a registry: by its image, what it mounts, its variables, or the kit's label. */
export function isRegistry({ image, environment, labels, mounts }: Workload): boolean {
  return (
    (typeof image === "string" && isRegistryImage(image)) ||
    registryLabel in labels ||
    Object.keys(environment).some((name) => /^REGISTRY_(HTTP|STORAGE|AUTH|PROXY)(_|$)/.test(name)) ||
    mounts.some(({ target }) => target === "/var/lib/registry")
  );
}

function containerWorkload(urn: string, container: Properties): Workload {
  const published = objects(container.ports).map(({ external, ip }) => ({
    port: external,
    address: ip || everyAddress,
  }));
  const unbounded = container.networkMode === "host" || container.publishAllPorts === true;
  return {
    kind: "container",
    urn,
    container,
    image: container.image,
    environment: pairs(container.envs),
    labels: labelsOf(container.labels),
    ports: unbounded ? [...published, { port: undefined, address: everyAddress }] : published,
    mounts: [
      ...objects(container.volumes).map(({ containerPath, volumeName, hostPath }) => ({
        target: textOf(containerPath) ?? "",
        source: volumeName || hostPath,
        // Docker takes a name with a slash for a path.
        type: hostPath || textOf(volumeName)?.startsWith("/") ? "bind" : "volume",
      })),
      ...mountsOf(container.mounts),
    ],
    files: objects(container.uploads).map(({ file, content, contentBase64 }) => ({
      path: textOf(file) ?? "",
      content: content || decoded(contentBase64),
    })),
  };
}

function serviceWorkload(urn: string, properties: Properties): Workload {
  const spec = at(properties, "taskSpec", "containerSpec");
  const container = isProperties(spec) ? spec : {};
  const environment = container.env;
  return {
    kind: "service",
    urn,
    container,
    image: container.image,
    environment: isProperties(environment) ? environment : {},
    labels: { ...labelsOf(container.labels), ...labelsOf(properties.labels) },
    ports: objects(at(properties, "endpointSpec", "ports")).map(({ publishedPort }) => ({
      port: publishedPort,
      address: everyAddress,
    })),
    mounts: mountsOf(container.mounts),
    files: [
      ...objects(container.configs).map(({ fileName, configName, configId }) => ({
        path: textOf(fileName) ?? "",
        content: unknown,
        source: configName || configId,
      })),
      ...objects(container.secrets).map(({ fileName, secretName, secretId }) => ({
        path: secretPath(textOf(fileName) ?? ""),
        content: unknown,
        source: secretName || secretId,
      })),
    ],
  };
}

function mountsOf(value: Value | undefined): Mount[] {
  return objects(value).map(({ target, source, type }) => ({
    target: textOf(target) ?? "",
    source,
    type: textOf(type) ?? "volume",
  }));
}

/** Where swarm puts a secret whose file name is no path. */
function secretPath(name: string): string {
  return name.startsWith("/") ? name : `/run/secrets/${name}`;
}

/** `NAME=value`, in a list. */
function pairs(value: Value | undefined): Record<string, Value> {
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  return Object.fromEntries(
    texts.map((text) => {
      const [name = "", ...rest] = text.split("=");
      return [name, rest.join("=")];
    }),
  );
}

function labelsOf(value: Value | undefined): Record<string, Value> {
  return Object.fromEntries(objects(value).map(({ label, value }) => [textOf(label) ?? "", value ?? ""]));
}

function decoded(value: Value | undefined): Value | undefined {
  return typeof value === "string" ? Buffer.from(value, "base64").toString() : value;
}
