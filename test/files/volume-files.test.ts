import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { helperLabel } from "../../components/files/helpers.ts";
import { volumeFilesDefinition } from "../../components/files/volume-files-lifecycle.ts";
import { VolumeWriter } from "../../components/files/volume-writer.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { registryImage as image } from "../support/start-registry.ts";

describeWithDocker("VolumeFiles", () => {
  const docker = dockerClient({});
  const volume = `kit-test-files-${randomBytes(4).toString("hex")}`;
  const context = { urn: "urn:test", log: () => {}, now: () => new Date() };
  const writer = new VolumeWriter(docker, volume, image);
  const inputs = (files: { name: string; content: string; mode?: number; onChange?: "reread" | "restart" }[]) => ({
    dockerHost: {},
    volume,
    image,
    owner: { uid: 0, gid: 0 },
    files: files.map((file) => ({ mode: 0o400, onChange: "reread" as const, ...file })),
  });

  beforeAll(async () => {
    await docker.createVolume({ Name: volume });
  });
  afterAll(async () => {
    await docker.getVolume(volume).remove({ force: true });
  });

  /** A container that has the volume mounted, as the registry has; removed by the caller. */
  async function startReader(script: string, labels: Record<string, string> = {}) {
    const reader = await docker.createContainer({
      Labels: labels,
      Image: image,
      Entrypoint: ["/bin/sh", "-c", script],
      StopTimeout: 1,
      HostConfig: {
        NetworkMode: "none",
        Mounts: [{ Type: "volume", Source: volume, Target: "/files", ReadOnly: true }],
      },
    });
    await reader.start();
    return reader;
  }

  it("says that a volume which does not exist is gone", async () => {
    const gone = new VolumeWriter(docker, `${volume}-none`, image);
    expect(await gone.read()).toBeUndefined();
    const state = { id: "x", inputs: { ...inputs([]), volume: `${volume}-none` }, outputs: { digests: {}, drift: [] } };
    expect(await volumeFilesDefinition.read?.(state, context)).toBeUndefined();
  });

  it("refuses, at preview already, a volume where a registry reads that another state made", async () => {
    const labels = { "io.registry-kit.registry": "theirs" };
    const reader = await startReader("sleep 60", labels);
    const { Name } = await reader.inspect();
    const check = (urn: string, old?: object) =>
      volumeFilesDefinition.validateKnown?.({ dockerHost: {}, volume }, old, { ...context, urn });
    const [problem] = (await check("urn:new")) ?? [];
    const own = [await check("urn:own", { volume }), await check("urn:own")];
    await reader.remove({ force: true });
    expect(problem).toMatchObject({ property: "volume" });
    expect(problem?.reason).toContain(`is ${volume}, where container ${Name.slice(1)} has its files`);
    // The own one, also while it is replaced: an engine asks the second time as for a new one.
    expect(own).toEqual([[], []]);
    expect(await check("urn:new")).toEqual([]);
  });

  it("writes what it was given, with mode and owner, and reads it back", async () => {
    const news = inputs([
      { name: "htpasswd", content: "mé:$2b$\n" },
      { name: "config.yml", content: "a: 1\n", mode: 0o440 },
    ]);
    const { outputs } = await volumeFilesDefinition.create(news, context);
    expect((await volumeFilesDefinition.read?.({ id: volume, inputs: news, outputs }, context))?.drift).toEqual([]);
    const live = await writer.read();
    expect([...(live ?? new Map())].map(([name, { mode }]) => [name, mode]).toSorted()).toEqual([
      ["config.yml", 0o440],
      ["htpasswd", 0o400],
    ]);
  });

  it("names what has drifted, and an update repairs it", async () => {
    const news = inputs([
      { name: "a", content: "right" },
      { name: "b", content: "right" },
      { name: "c", content: "right" },
    ]);
    const { outputs } = await volumeFilesDefinition.create(news, context);
    await writer.replace(
      [
        { name: "a", content: "wrong", mode: 0o400 },
        { name: "b", content: "right", mode: 0o644 },
      ],
      { uid: 0, gid: 0 },
    );
    await writer.replace([{ name: "c", content: "right", mode: 0o400 }], { uid: 1000, gid: 1001 });
    const state = { id: volume, inputs: news, outputs };
    const seen = await volumeFilesDefinition.read?.(state, context);
    expect(seen?.drift).toEqual([
      "a in the volume is not what was written",
      "b has mode 0644 instead of 0400",
      "c belongs to 1000:1001 instead of 0:0",
    ]);
    await volumeFilesDefinition.update({ ...state, outputs: seen ?? outputs }, news, context);
    expect((await volumeFilesDefinition.read?.(state, context))?.drift).toEqual([]);
  });

  it("takes files for unchanged when a refresh has no image to look with", async () => {
    const news = { ...inputs([{ name: "a", content: "a" }]), image: `sha256:${"0".repeat(64)}` };
    const outputs = { digests: { a: "x" }, drift: [] };
    expect(await volumeFilesDefinition.read?.({ id: volume, inputs: news, outputs }, context)).toEqual(outputs);
  });

  it("gives files that are there already to another owner, and asks for a replacement to do so", async () => {
    const news = inputs([{ name: "owned", content: "same", onChange: "restart" }]);
    await volumeFilesDefinition.create(news, context);
    await volumeFilesDefinition.create({ ...news, owner: { uid: 1000, gid: 1001 } }, context);
    expect((await writer.read())?.get("owned")).toMatchObject({ uid: 1000, gid: 1001, mode: 0o400 });
    expect(volumeFilesDefinition.replaceOn).toContain("owner");
  });

  it("shows a reader the old or the new content, never half of it or none", async () => {
    const [old, fresh] = ["o".repeat(300_000), "n".repeat(300_000)];
    await writer.writeMissing([{ name: "swapped", content: old, mode: 0o400 }], { uid: 0, gid: 0 });
    const watch = 'while :; do s=$(md5sum /files/swapped 2>&1) || s=missing; [ "$s" = "$l" ] || echo "$s"; l=$s; done';
    const reader = await startReader(watch);
    try {
      for (let i = 0; i < 5; i++)
        await writer.replace([{ name: "swapped", content: i % 2 ? old : fresh, mode: 0o400 }], { uid: 0, gid: 0 });
      const seen = (await reader.logs({ stdout: true, stderr: true })).toString("latin1");
      const sums = new Set(seen.match(/[0-9a-f]{32}/g));
      expect(sums.size).toBe(2);
      expect(seen).not.toContain("missing");
    } finally {
      await reader.remove({ force: true, v: true });
    }
  });

  it("restarts readers for a file that asks for it, and leaves them alone for one that is reread", async () => {
    const both = (restartContent: string, rereadContent: string) =>
      inputs([
        { name: "server.key", content: restartContent, onChange: "restart" },
        { name: "users", content: rereadContent, onChange: "reread" },
      ]);
    const { outputs } = await volumeFilesDefinition.create(both("1", "1"), context);
    const reader = await startReader("sleep 600");
    const startedAt = async () => (await reader.inspect()).State.StartedAt;
    try {
      const first = await startedAt();
      const reread = await volumeFilesDefinition.update(
        { id: volume, inputs: both("1", "1"), outputs },
        both("1", "2"),
        context,
      );
      expect(await startedAt()).toBe(first);
      await volumeFilesDefinition.update(
        { id: volume, inputs: both("1", "2"), outputs: reread },
        both("2", "2"),
        context,
      );
      expect(await startedAt()).not.toBe(first);
    } finally {
      await reader.remove({ force: true, v: true });
    }
  });

  it("still restarts readers when an earlier run wrote the file but was stopped before the restart", async () => {
    const file = (content: string) => inputs([{ name: "late.key", content, onChange: "restart" }]);
    const { outputs } = await volumeFilesDefinition.create(file("1"), context);
    const reader = await startReader("sleep 600");
    try {
      await writer.replace([{ name: "late.key", content: "2", mode: 0o400 }], { uid: 0, gid: 0 });
      const first = (await reader.inspect()).State.StartedAt;
      await volumeFilesDefinition.update({ id: volume, inputs: file("1"), outputs }, file("2"), context);
      expect((await reader.inspect()).State.StartedAt).not.toBe(first);
    } finally {
      await reader.remove({ force: true, v: true });
    }
  });

  it("removes helper containers that an interrupted run left behind", async () => {
    const helper = { Image: image, Labels: { [helperLabel]: volume }, HostConfig: { Binds: [`${volume}:/files`] } };
    const leftover = await docker.createContainer(helper);
    await writer.writeMissing([{ name: "z", content: "z", mode: 0o400 }], { uid: 0, gid: 0 });
    await expect(leftover.inspect()).rejects.toThrow(/no such container/i);
    const news = inputs([{ name: "z", content: "z" }]);
    const another = await docker.createContainer(helper);
    await volumeFilesDefinition.delete?.({ id: volume, inputs: news, outputs: { digests: {}, drift: [] } }, context);
    await expect(another.inspect()).rejects.toThrow(/no such container/i);
    expect(await docker.listContainers({ all: true, filters: { label: [`${helperLabel}=${volume}`] } })).toEqual([]);
  });
});
