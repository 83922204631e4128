import { describe, expect, it } from "vitest";
import type { Resource } from "../../policy/resources/resource.ts";
import type { ResourceRule } from "../../policy/resources/rule.ts";
import { type Properties, unknown } from "../../policy/resources/value.ts";
import { healthCheck } from "../../policy/rules/health-check.ts";
import { imagePinned } from "../../policy/rules/image-pinned.ts";
import { noFloatingTag } from "../../policy/rules/no-floating-tag.ts";
import { noHostFolders } from "../../policy/rules/no-host-folders.ts";
import { noInsecureRegistries } from "../../policy/rules/no-insecure-registries.ts";
import { noPlainSecrets } from "../../policy/rules/no-plain-secrets.ts";
import { readOnlyRoot } from "../../policy/rules/read-only-root.ts";
import { resourceLimits } from "../../policy/rules/resource-limits.ts";
import { serviceUpdateSettings } from "../../policy/rules/service-update-settings.ts";
import { rules } from "../../policy/rules.ts";
import { bucketStack, container, resource, secret, service } from "./resources.ts";

const image = (name: string) => resource("docker:index/remoteImage:RemoteImage", "image", { name });
const config = (text: string) =>
  resource("docker:index/serviceConfig:ServiceConfig", "config", { data: Buffer.from(text).toString("base64") });
const rawConfig = (dataRaw: string) => resource("docker:index/serviceConfig:ServiceConfig", "config", { dataRaw });
const mount = (source: string, more: Properties = {}) => ({ type: "bind", target: "/data", source, ...more });
const volume = (driverOpts: Properties, driver = "local") =>
  resource("docker:index/volume:Volume", "data", { name: "data", driver, driverOpts });
const foreign = resource("docker:index/container:Container", "web", { image: "nginx", ports: [] });
const bcrypt = `$2y$10$${"a".repeat(53)}`;

/** Rule, what is judged, and what the message must name; nothing: it is kept. */
const cases: [ResourceRule, string, Resource, RegExp?][] = [
  [imagePinned, "a digest", container()],
  [imagePinned, "an id of the engine", container({ image: `sha256:${"c".repeat(64)}` })],
  [imagePinned, "an image that is not known yet", container({ image: unknown })],
  [imagePinned, "a version alone", image("registry:3.1.2"), /^registry:3\.1\.2 has no digest/],
  [imagePinned, "another image", image("nginx:latest")],
  [noFloatingTag, "a full version", image("registry:3.1.2")],
  [noFloatingTag, "a full version on a host with a port", image("mirror:5000/library/registry:v3.1.2-alpine")],
  [noFloatingTag, "a digest", image(`registry@sha256:${"a".repeat(64)}`)],
  [noFloatingTag, "latest", image("registry:latest"), /registry:latest/],
  [noFloatingTag, "no tag, behind a port", image("mirror:5000/registry"), /may be another image tomorrow/],
  [noFloatingTag, "half a version of a container", container({ image: "registry:3.1" }), /registry:3\.1 /],
  [noFloatingTag, "half a version of a service", service({}, { image: "distribution/distribution:3" }), /:3 /],
  [noFloatingTag, "another image", foreign],
  [noPlainSecrets, "a registry without one", container()],
  [noPlainSecrets, "a path", container({ envs: ["DB_PASSWORD=/run/secrets/db", "TOKEN_FILE=x"] })],
  [
    noPlainSecrets,
    "an identifier",
    container({ envs: ["AWS_ACCESS_KEY_ID=AKIA", "REGISTRY_AUTH_TOKEN_REALM=https://a"] }),
  ],
  [
    noPlainSecrets,
    "the http.secret as a variable",
    container({ envs: ["REGISTRY_HTTP_SECRET=abc"] }),
    /REGISTRY_HTTP_SECRET/,
  ],
  [noPlainSecrets, "an S3 key", container({ envs: ["REGISTRY_STORAGE_S3_SECRETKEY=abc"] }), /S3_SECRETKEY/],
  [noPlainSecrets, "a generated one, not known yet", service({}, { env: { DB_PASSWORD: unknown } }), /DB_PASSWORD/],
  [noPlainSecrets, "a URL with a password", container({ envs: ["URL=redis://a:hunter2@b"] }), /Variable URL/],
  [noPlainSecrets, "a hash in a label", container({ labels: [{ label: "u", value: bcrypt }] }), /Label u/],
  [noPlainSecrets, "a container that is no registry", { ...foreign, properties: { envs: ["X_TOKEN=1"] } }, /X_TOKEN/],
  [noPlainSecrets, "a config without one", config("version: 0.1\nhttp:\n  addr: :5000\n")],
  [noPlainSecrets, "a config with http.secret", config("http:\n  secret: abc\n"), /every manager/],
  [noPlainSecrets, "a config that is an htpasswd", config(`moby:${bcrypt}\n`), /docker\.Secret/],
  [noPlainSecrets, "a config with http.secret, as text", rawConfig("http:\n  secret: abc\n"), /docker\.Secret/],
  [noPlainSecrets, "a Docker secret", secret()],
  [resourceLimits, "a container with one", container()],
  [resourceLimits, "a service with one", service()],
  [resourceLimits, "a container without", container({ memory: null }), /memory \(MiB\)/],
  [
    resourceLimits,
    "a service without",
    service({ taskSpec: { containerSpec: { image: "registry:3.1.2" } } }),
    /memoryBytes/,
  ],
  [resourceLimits, "a container that is no registry", foreign],
  [healthCheck, "a container with one", container()],
  [healthCheck, "a container without", container({ healthcheck: null }), /no health check/],
  [healthCheck, "a service that turns it off", service({}, { healthcheck: { tests: ["NONE"] } }), /no health check/],
  [readOnlyRoot, "a container with one", container()],
  [readOnlyRoot, "a container without", container({ readOnly: false }), /readOnly: true/],
  [readOnlyRoot, "a service without", service({}, { readOnly: null }), /readOnly: true/],
  [serviceUpdateSettings, "a service with them", service()],
  [serviceUpdateSettings, "a container", container()],
  [serviceUpdateSettings, "a pause on failure", service({ updateConfig: { failureAction: "pause" } }), /failureAction/],
  [serviceUpdateSettings, "no rollback", service({ rollbackConfig: null }), /rollbackConfig/],
  [
    serviceUpdateSettings,
    "start-first on a host's port",
    service({ endpointSpec: { ports: [{ targetPort: 5000, publishedPort: 5000, publishMode: "host" }] } }),
    /start-first/,
  ],
  [noHostFolders, "a container on a volume", container()],
  [noHostFolders, "a service on a volume", service()],
  [noHostFolders, "a folder for data alone", container({ mounts: [mount("/srv/registry")] })],
  [noHostFolders, "a folder that is not known yet", container({ mounts: [{ ...mount(""), source: unknown }] })],
  [noHostFolders, "the root folder", container({ mounts: [mount("/")] }), /^It shows \/, a folder with much/],
  [
    noHostFolders,
    "a part of the system, by a detour",
    container({ mounts: [mount("//srv/../etc/ssl/")] }),
    /inside of \/etc/,
  ],
  [
    noHostFolders,
    "a path among the volumes",
    container({ volumes: [{ hostPath: "/root" }] }),
    /\/root, a folder of the/,
  ],
  [noHostFolders, "a path for a volume's name", container({ volumes: [{ volumeName: "/proc" }] }), /\/proc/],
  [
    noHostFolders,
    "the Docker socket, of any container",
    { ...foreign, properties: { mounts: [mount("/mnt/docker.sock")] } },
    /5\.32/,
  ],
  [noHostFolders, "the folder of the Docker socket", service({}, { mounts: [mount("/var/run")] }), /\/var\/run/],
  [
    noHostFolders,
    "a service's own volume that binds",
    service(
      {},
      {
        mounts: [
          {
            ...mount("data", { type: "volume" }),
            volumeOptions: { driverName: "local", driverOptions: { o: "bind", device: "/usr/lib" } },
          },
        ],
      },
    ),
    /inside of \/usr/,
  ],
  [noHostFolders, "a volume without options", volume({})],
  [
    noHostFolders,
    "a volume that binds a folder for data",
    volume({ type: "none", o: "bind", device: "/srv/registry" }),
  ],
  [noHostFolders, "a volume that binds the system", volume({ type: "none", o: "rbind,ro", device: "/boot" }), /\/boot/],
  [noHostFolders, "a volume with the kernel's files", volume({ type: "proc", device: "proc" }), /\/proc/],
  [
    noHostFolders,
    "an overlay of the system",
    volume({ type: "overlay", device: "overlay", o: "lowerdir=/srv:/etc,upperdir=/srv/u" }),
    /\/etc/,
  ],
  [noHostFolders, "the memory as a disk", volume({ type: "ext4", device: "/dev/mem" }), /\/dev/],
  [noHostFolders, "a driver that serves the system", volume({ mountpoint: "/etc" }, "local-persist"), /\/etc/],
  [noHostFolders, "a driver with a folder of another machine", volume({ type: "sftp", path: "/etc" }, "rclone")],
  [noInsecureRegistries, "a registry", container()],
  [noInsecureRegistries, "a node's trust", resource("registry-kit:nodes:NodeTrust", "t", { insecure: false })],
  [
    noInsecureRegistries,
    "no trust at all",
    resource("registry-kit:nodes:NodeTrust", "t", { insecure: true }),
    /ca\.crt/,
  ],
  [noInsecureRegistries, "an empty list", resource("x:y:Daemon", "d", { insecureRegistries: [] })],
  [
    noInsecureRegistries,
    "a list",
    resource("x:y:Daemon", "d", { daemon: { insecureRegistries: ["r:5000"] } }),
    /ca\.crt/,
  ],
  [
    noInsecureRegistries,
    "a daemon.json as text",
    resource("x:y:File", "f", { content: '{"insecure-registries": ["r:5000"]}' }),
    /certificate/,
  ],
  [
    noInsecureRegistries,
    "a daemon's argument",
    container({ command: ["dockerd", "--insecure-registry=r:5000"] }),
    /daemon/,
  ],
];

describe("rules about one resource", () => {
  for (const [rule, what, judged, message] of cases)
    it(`${rule.name}: ${what}`, () => {
      const found = rule.check(judged);
      if (!message) return expect(found).toEqual([]);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(message);
    });

  it("names no secret in a message", () => {
    const found = noPlainSecrets.check(container({ envs: ["A_PASSWORD=hunter2", "B=redis://u:hunter3@c"] }));
    expect(found).toHaveLength(2);
    expect(found.join()).not.toMatch(/hunter/);
  });

  it.each([
    ["a container", [container()]],
    ["a service", [service(), secret()]],
    ["a bucket", bucketStack()],
    [
      "nothing that is known",
      [container({ image: unknown, ports: unknown, envs: unknown, labels: unknown, mounts: unknown })],
    ],
  ])("are all kept by %s", (_what, resources) => {
    const found = rules.flatMap<unknown>((rule) =>
      "check" in rule ? resources.flatMap((one) => rule.check(one)) : rule.checkStack(resources),
    );
    expect(found).toEqual([]);
  });

  it("have names of their own", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});
