import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { helperLabel } from "../../components/files/helpers.ts";
import type { Reader } from "../../components/files/reader.ts";
import { tryReader } from "../../components/files/reader-trial.ts";
import { createOptions } from "../../engine/docker/container/create-options.ts";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { occupy } from "../support/occupy-port.ts";
import { randomName } from "../support/random-name.ts";
import { registryImage as image } from "../support/start-registry.ts";

describeWithDocker("A trial of a registry's next container", () => {
  const docker = new Docker();
  const name = randomName("trial");
  const volume = `${name}-files`;
  const folder = mkdtempSync(join(tmpdir(), "registry-kit-trial-"));
  const rootOnly = mkdtempSync(join(tmpdir(), "registry-kit-trial-root-"));
  let port = 0;

  const container = (changes: PropertyMap = {}): PropertyMap => ({
    name,
    command: ["/etc/distribution/config.yml"],
    ports: [{ internal: 5000, external: port, ip: "127.0.0.1" }],
    volumes: [{ volumeName: volume, containerPath: "/etc/distribution", readOnly: true }],
    mounts: [{ type: "bind", source: folder, target: "/var/lib/registry" }],
    user: "0:0",
    restart: "always",
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    memory: 128,
    ...changes,
  });
  const configuration = (more = "") =>
    `version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /var/lib/registry\nhttp:\n  addr: :5000\n${more}`;
  const trial = (changes: PropertyMap, config?: string) => {
    const reader: Reader = { container: container(changes), ready: "listening on ", writes: "/var/lib/registry" };
    const files = config === undefined ? undefined : [{ name: "config.yml", content: config, mode: 0o400 }];
    const [uid = 0, gid = 0] = String(reader.container.user).split(":").map(Number);
    return tryReader(docker, { reader, volume, image, owner: { uid, gid }, files });
  };

  beforeAll(async () => {
    await using server = await occupy();
    port = server.port;
    await server[Symbol.asyncDispose]();
    await docker.createVolume({ Name: volume });
    const options = createOptions({ ...container(), image });
    const made = await docker.createContainer({ ...options, Entrypoint: ["sleep"], Cmd: ["600"] });
    await made.start();
  });
  afterAll(async () => {
    await docker.getContainer(name).remove({ force: true, v: true });
    await docker.getVolume(volume).remove();
    for (const path of [folder, rootOnly]) rmSync(path, { recursive: true });
  });

  it.each<[string, PropertyMap, string, RegExp]>([
    [
      "a folder that is not there",
      { mounts: [{ type: "bind", source: "/srv/typo", target: "/var/lib/registry" }] },
      "",
      /bind source path does not exist: \/srv\/typo/,
    ],
    ["a network that is not there", { networkMode: "no-such-network" }, "", /no-such-network/],
    ["less memory than Docker allows", { memory: 4 }, "", /[Mm]inimum memory limit allowed is 6MB/],
    [
      "an address that the host does not have",
      { ports: [{ internal: 5000, external: 1, ip: "203.0.113.7" }] },
      "",
      /cannot assign requested address/,
    ],
    [
      "the same port on such an address",
      { ports: [{ internal: 5000, external: 0, ip: "203.0.113.7" }] },
      "",
      /cannot assign requested address/,
    ],
    [
      "a user who cannot write",
      { user: "1234:1234", mounts: [{ type: "bind", source: rootOnly, target: "/var/lib/registry" }] },
      "",
      /user 1234:1234 cannot write .*registry-kit-trial-root-.*chown/,
    ],
    [
      "a pattern that Go does not know",
      {},
      'validation:\n  manifests:\n    urls:\n      allow: ["^https://(?!evil)"]\n',
      /validation\.manifests\.urls\.allow: error parsing regexp/,
    ],
    [
      "a certificate that is not there",
      {},
      "  tls:\n    certificate: /x.crt\n    key: /x.key\n",
      /open \/x\.crt: no such file or directory/,
    ],
    ["no YAML", {}, "a: [\n", /yaml/],
    [
      "a port that is taken",
      { command: ["/etc/distribution/config.yml"] },
      "  debug:\n    addr: :5000\n",
      /address already in use/,
    ],
    ["an image's program that is not there", { entrypoints: ["/no-such-program"] }, "", /no-such-program/],
  ])("refuses %s, in words that say why", async (_, changes, more, reason) => {
    const ports = (changes.ports as PropertyMap[] | undefined)?.map((given) => ({
      ...given,
      external: given.external === 0 ? port : 21399,
    }));
    const refused = await trial({ ...changes, ...(ports ? { ports } : {}) }, configuration(more));
    expect(refused).toMatch(reason);
    expect(refused).toMatch(new RegExp(`^container ${name} runs on as it is, because the new one would not start: `));
  });

  it("refuses a port that another program has", async () => {
    await using other = await occupy();
    const ports = [{ internal: 5000, external: other.port, ip: "127.0.0.1" }];
    expect(await trial({ ports }, configuration())).toMatch(/address already in use|port is already allocated/);
  });

  it("sees a missing folder before the files are known", async () => {
    const mounts = [{ type: "bind", source: "/srv/typo", target: "/var/lib/registry" }];
    expect(await trial({ mounts })).toContain("/srv/typo");
    expect(await trial({})).toBeUndefined();
  });

  it("lets pass what starts, writes nothing that stays, and leaves no container", async () => {
    expect(await trial({ memory: 64 }, configuration())).toBeUndefined();
    expect(await docker.listContainers({ all: true, filters: { label: [`${helperLabel}=${volume}`] } })).toEqual([]);
    const { readdirSync } = await import("node:fs");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("makes no volume that is not there yet", async () => {
    const next = `${name}-next`;
    const volumes = [
      ...(container().volumes as PropertyMap[]),
      { volumeName: next, containerPath: "/var/lib/registry" },
    ];
    expect(await trial({ volumes, mounts: [] }, configuration())).toBeUndefined();
    await expect(docker.getVolume(next).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("tries nothing where nothing runs that could be lost", async () => {
    await docker.getContainer(name).stop({ t: 0 });
    expect(await trial({ memory: 4 }, "a: [\n")).toBeUndefined();
  });
});
