import { afterEach, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { checkHost } from "../../stacks/preflight.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { occupy } from "../support/occupy-port.ts";
import { poll } from "../support/poll.ts";
import { randomName } from "../support/random-name.ts";
import { freePortOn } from "../support/server-process.ts";
import { testSettings } from "../support/test-settings.ts";

const image = "registry:3.1.2";

describeWithDocker("checkHost", () => {
  const docker = dockerClient({});
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });

  /** What a preview of stack "dev" says with these settings. */
  async function problems(values: Record<string, unknown>): Promise<string[]> {
    const given = { hosts: ["127.0.0.1"], storage: { volume: { name: randomName("data") } }, port: 1, ...values };
    return (await checkHost(testSettings(given), "dev")).map(({ path, reason }) => `${path} ${reason}`);
  }

  /** A running container, of the kit where it is labelled so. */
  async function start(name: string, labels: Record<string, string>, volume?: string): Promise<number> {
    const container = await docker.createContainer({
      name,
      Image: image,
      Labels: labels,
      Entrypoint: ["sleep", "600"],
      StopTimeout: 0,
      ExposedPorts: { "5000/tcp": {} },
      HostConfig: {
        PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
        ...(volume ? { Binds: [`${volume}:/var/lib/registry`] } : {}),
      },
    });
    undo.push(() => container.remove({ force: true, v: true }));
    await container.start();
    const { NetworkSettings } = await container.inspect();
    return Number(NetworkSettings.Ports["5000/tcp"]?.[0]?.HostPort);
  }

  it("refuses a name that another container has", async () => {
    const name = randomName("host");
    await start(name, {});
    expect(await problems({ name })).toEqual([
      `name is ${name}, which a container that the kit did not make has already. Choose another name, or remove it.`,
    ]);
  });

  it("refuses more processors than the host has", async () => {
    const { NCPU } = (await docker.info()) as { NCPU: number };
    expect(await problems({ container: { cpus: NCPU } })).toEqual([]);
    expect(await problems({ container: { cpus: NCPU + 0.5 } })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^container\\.cpus is ${NCPU + 0.5}, and the Docker host has ${NCPU} processors?\\. Set ${NCPU} or less`,
        ),
      ),
    ]);
  });

  it("refuses the name and the images of another stack, whose users it would change", async () => {
    const [name, volume] = [randomName("host"), randomName("data")];
    undo.push(() => docker.getVolume(volume).remove());
    await start(name, { "io.registry-kit.registry": name, "io.registry-kit.stack": "other" }, volume);
    expect(await problems({ name, storage: { volume: { name: volume } } })).toEqual([
      `name is ${name}, which a container of stack "other" has already. Choose another name, or remove it.`,
      `storage.volume.name is ${volume}, where registry ${name} has its images. Choose another place, or stop it.`,
    ]);
    await docker.getContainer(name).pause();
    expect(await problems({ storage: { volume: { name: volume } } })).toEqual([
      `storage.volume.name is ${volume}, where registry ${name} has its images. Choose another place, or stop it.`,
    ]);
  });

  it("refuses a bucket where a registry of another stack has its images, and no other one", async () => {
    const name = randomName("host");
    const labels = { "io.registry-kit.registry": name, "io.registry-kit.stack": "other" };
    const place = `s3 bucket images, under ${name}/`;
    await start(name, { ...labels, "io.registry-kit.store": place });
    const s3 = { bucket: "images", region: "eu-central-1" };
    expect(await problems({ storage: { s3: { ...s3, rootDirectory: `/${name}` } } })).toEqual([
      `storage.s3 is ${place}, where registry ${name} has its images. Choose another place, or stop it.`,
    ]);
    expect(await problems({ storage: { s3: { ...s3, rootDirectory: "/other" } } })).toEqual([]);
    expect(await problems({ storage: { gcs: { bucket: "images", rootDirectory: name } } })).toEqual([]);
  });

  it("takes over name, port and images of this stack's own container, under another name too", async () => {
    const [name, volume] = [randomName("host"), randomName("data")];
    undo.push(() => docker.getVolume(volume).remove());
    const labels = { "io.registry-kit.registry": name, "io.registry-kit.stack": "dev" };
    const port = await start(name, labels, volume);
    const storage = { volume: { name: volume } };
    expect(await problems({ name, port, storage })).toEqual([]);
    expect(await problems({ name: `${name}-new`, port, storage })).toEqual([]);
  });

  it("refuses a port that another container publishes on the same address, and only there", async () => {
    const name = randomName("host");
    const port = await start(name, {});
    const taken = `port is ${port}, which container ${name} uses already. Choose another port, or stop it.`;
    expect(await problems({ port })).toEqual([taken]);
    expect(await problems({ port, hosts: ["r.example"] })).toEqual([taken]);
    expect(await problems({ port, hosts: ["127.0.0.2"] })).toEqual([]);
  });

  it("takes the port of a container in a restart loop for the stack's own", async () => {
    const name = randomName("host");
    const port = await freePortOn("127.0.0.1");
    const container = await docker.createContainer({
      name,
      Image: image,
      Labels: { "io.registry-kit.registry": name, "io.registry-kit.stack": "dev" },
      Entrypoint: ["false"],
      HostConfig: {
        PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
        RestartPolicy: { Name: "always" },
      },
    });
    undo.push(() => container.remove({ force: true, v: true }));
    await container.start();
    // From the fifth on, Docker waits for more than a second.
    await poll("the container waits", async () => {
      const { State, RestartCount } = await container.inspect();
      return State.Restarting && RestartCount > 4 ? true : undefined;
    });
    await using _ = await occupy(port);
    expect(await problems({ name, port })).toEqual([]);
    expect(await problems({ name: randomName("host"), port: 1 })).toEqual([]);
  }, 60_000);

  it("refuses another driver or other options for a volume that exists", async () => {
    const name = randomName("data");
    await docker.createVolume({ Name: name });
    undo.push(() => docker.getVolume(name).remove());
    const volume = (more: object) => problems({ storage: { volume: { name, ...more } } });
    expect(await volume({ driver: "local" })).toEqual([]);
    expect(await volume({ driver: "other", driverOptions: { type: "tmpfs" } })).toEqual([
      `storage.volume.driver is not that of the volume ${name}, which exists already. Name another volume, or leave driver out.`,
      `storage.volume.driverOptions is not that of the volume ${name}, which exists already. Name another volume, or leave driverOptions out.`,
    ]);
  });

  it("says of an address that this machine does not have what it is", async () => {
    expect(await problems({ hosts: ["r.example"], address: "192.0.2.1" })).toEqual([
      "address is 192.0.2.1, which this machine does not have.",
    ]);
  });
});
