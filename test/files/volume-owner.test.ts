import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { helperLimits } from "../../components/files/helper-limits.ts";
import { helperLabel } from "../../components/files/helpers.ts";
import { volumeOwnerDefinition } from "../../components/files/volume-owner-lifecycle.ts";
import { VolumeWriter } from "../../components/files/volume-writer.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { deleteImage, pullImage, pushImage, randomBlob } from "../storage/image-traffic.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { poll } from "../support/poll.ts";
import { randomName } from "../support/random-name.ts";
import { registryImage as image } from "../support/start-registry.ts";

describeWithDocker("VolumeOwner", () => {
  const docker = dockerClient({});
  const context = { urn: "urn:test", log: () => {}, now: () => new Date() };
  let volume: string;
  const inputs = () => ({ dockerHost: {}, volume, image, owner: { uid: 1234, gid: 5678 }, folder: "docker" });
  beforeEach(async () => {
    volume = randomName("owner");
    await docker.createVolume({ Name: volume });
  });
  afterEach(async () => {
    await docker.getVolume(volume).remove({ force: true });
  });

  it("gives an empty volume to the user, whose registry then takes images", async () => {
    expect((await volumeOwnerDefinition.create(inputs(), context)).outputs).toEqual({ given: true });
    const registry = await docker.createContainer({
      Image: image,
      User: "1234:5678",
      Env: ["OTEL_TRACES_EXPORTER=none", "REGISTRY_STORAGE_DELETE_ENABLED=true"],
      ExposedPorts: { "5000/tcp": {} },
      HostConfig: {
        CapDrop: ["ALL"],
        Binds: [`${volume}:/var/lib/registry`],
        PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
      },
    });
    try {
      await registry.start();
      const { NetworkSettings } = await registry.inspect();
      const url = `http://127.0.0.1:${NetworkSettings.Ports["5000/tcp"]?.[0]?.HostPort}`;
      await poll("the registry answers", async () => ((await fetch(url)).ok ? true : undefined));
      const pushed = await pushImage([url], "moby/box", [randomBlob(1000)]);
      await pullImage(url, pushed);
      await deleteImage(url, pushed);
      // Nothing to give any more: an update leaves the images alone.
      const state = { id: volume, inputs: inputs(), outputs: { given: true } };
      expect(await volumeOwnerDefinition.update(state, inputs(), context)).toEqual({ given: false });
    } finally {
      await registry.remove({ force: true, v: true });
    }
  });

  it("uses a helper that is found by its label where a killed run left it", async () => {
    await volumeOwnerDefinition.create(inputs(), context);
    const filters = { label: [`${helperLabel}=${volume}`], event: ["create"] };
    const now = Date.now() / 1000;
    const events = await docker.getEvents({ since: now - 60, until: now + 1, filters });
    expect(await text(events as Readable)).toContain('"Action":"create"');
  });

  it("leaves a volume that holds something as it is, and says whose it is or that the user can't write it", async () => {
    const writer = new VolumeWriter(docker, volume, image);
    await writer.writeMissing([{ name: "file", content: "", mode: 0o400 }], { uid: 77, gid: 78 });
    await expect(volumeOwnerDefinition.create(inputs(), context)).rejects.toThrow(
      `Volume ${volume} has images that 1234:5678 can't write (. of 0:0), and nothing was changed. Stop the registry and give it`,
    );
    const log: string[] = [];
    const told = { ...context, log: (severity: string, message: string) => void log.push(`${severity}: ${message}`) };
    const keeping = { ...inputs(), keepsOwner: true } as const;
    const made = await volumeOwnerDefinition.create(keeping, told);
    expect(made.outputs).toEqual({ given: false, holder: "77:78" });
    expect(log).toEqual([expect.stringContaining(`warning: volume ${volume} has images of 77:78 already`)]);
    // What the first run found stays, or another image would be another user.
    const later = { ...keeping, image };
    expect(await volumeOwnerDefinition.update({ ...made, inputs: keeping }, later, context)).toMatchObject({
      holder: "77:78",
    });
    expect([...((await writer.read()) ?? new Map())]).toEqual([
      ["file", expect.objectContaining({ uid: 77, gid: 78 })],
    ]);
  });

  it("gives an empty volume to the user where it may keep its owner, and has no more rights than that needs", async () => {
    const keeping = { ...inputs(), keepsOwner: true } as const;
    const { outputs } = await volumeOwnerDefinition.create(keeping, context);
    expect(outputs).toEqual({ given: true, holder: "1234:5678" });
    expect(helperLimits(["CHOWN"])).toMatchObject({
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 67108864,
      PidsLimit: 32,
    });
  });

  it("says which volume it could not give, and why", async () => {
    const failing = { ...inputs(), volume: `${volume}/x` };
    await expect(volumeOwnerDefinition.create(failing, context)).rejects.toThrow(`${volume}/x`);
  });
});
