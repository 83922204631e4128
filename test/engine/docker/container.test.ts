import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { InitFailed, type PluginClient } from "./plugin-client.ts";
import { image, startOurs, uniqueName, urnOf } from "./plugins.ts";
import { TestResource } from "./resource.ts";

describe("Container on a real daemon", () => {
  const docker = new Docker();
  const made: TestResource[] = [];
  let plugin: PluginClient;
  beforeAll(async () => {
    plugin = await startOurs();
  });
  afterEach(async () => {
    for (const resource of made.splice(0).reverse()) await resource.delete();
  });
  afterAll(() => plugin.stop());

  const resource = (type = "Container") => {
    const subject = new TestResource(plugin, type);
    made.push(subject);
    return subject;
  };
  const wanted = (more: PropertyMap = {}): PropertyMap => ({ name: uniqueName(), image, ...more });
  const inspect = (id: string) => docker.getContainer(id).inspect();

  test("has every kind of setting as asked for, and then no difference, also after a refresh", async () => {
    const volume = await resource("Volume").create({});
    const inputs = wanted({
      envs: ["B=2", "A=1"],
      labels: [{ label: "z", value: "1" }],
      ports: [{ internal: 5001 }, { internal: 5000, ip: "127.0.0.1" }],
      mounts: [
        { type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 1048576 } },
        { type: "volume", target: "/data", source: volume.id, readOnly: true },
      ],
      volumes: [{ volumeName: volume.id, containerPath: "/again", readOnly: true }],
      tmpfs: { "/tmp": "size=1m" },
      healthcheck: { tests: ["CMD", "true"], interval: "90s", retries: 2 },
      logDriver: "json-file",
      logOpts: { "max-size": "1m" },
      capabilities: { adds: ["NET_ADMIN"], drops: ["MKNOD"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
      user: "0:0",
      restart: "unless-stopped",
      memory: 64,
      ulimits: [{ name: "nofile", soft: 1000, hard: 2000 }],
      hosts: [{ host: "registry.test", ip: "127.0.0.1" }],
      command: ["serve", "/etc/distribution/config.yml"],
      stopTimeout: 2,
      cpus: "0.5",
      dns: ["127.0.0.1"],
      sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
    });
    const subject = await resource().create(inputs);
    expect(await subject.diff(inputs)).toMatchObject({ changes: "none" });
    const live = await inspect(subject.id);
    expect(live.State.Running).toBe(true);
    expect(live.HostConfig).toMatchObject({
      Memory: 64 * 1024 * 1024,
      ReadonlyRootfs: true,
      SecurityOpt: ["no-new-privileges:true"],
      CapDrop: ["MKNOD"],
      NanoCpus: 5e8,
      Tmpfs: { "/tmp": "size=1m" },
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
      RestartPolicy: { Name: "unless-stopped" },
    });
    const mounts = live.Mounts.map(({ Destination, RW }) => [Destination, RW]);
    expect(mounts).toEqual(
      expect.arrayContaining([
        ["/again", false],
        ["/data", false],
        ["/scratch", true],
      ]),
    );
    expect(live.Config.Healthcheck).toMatchObject({ Test: ["CMD", "true"], Interval: 90e9, Retries: 2 });
    expect(subject.outputs).toMatchObject({ healthcheck: { interval: "90s" }, capabilities: { adds: ["NET_ADMIN"] } });
    expect((subject.outputs.ports as { external: number }[]).map(({ external }) => external > 0)).toEqual([true, true]);
    const before = subject.inputs;
    await subject.refresh();
    expect(subject.inputs).toEqual(before);
    expect(await subject.diff(inputs)).toMatchObject({ changes: "none" });
  });

  test("finds uploaded files in the container before it starts, with their modes", async () => {
    const subject = await resource().create(
      wanted({
        entrypoints: ["/bin/sh", "-c"],
        command: ["cat /a/text /a/binary && stat -c %a /a/text /a/binary"],
        mustRun: false,
        attach: true,
        logs: true,
        uploads: [
          { file: "/a/text", content: "plain," },
          { file: "/a/binary", contentBase64: Buffer.from("coded\n").toString("base64"), permissions: "0600" },
        ],
      }),
    );
    expect(subject.outputs).toMatchObject({ containerLogs: "plain,coded\n644\n600\n", exitCode: 0 });
  });

  test("joins networks with aliases and leaves the default bridge", async () => {
    const network = await resource("Network").create({});
    const subject = await resource().create(wanted({ networksAdvanced: [{ name: network.id, aliases: ["front"] }] }));
    const networks = (await inspect(subject.id)).NetworkSettings.Networks;
    expect(Object.keys(networks)).toEqual([network.outputs.name]);
    expect(networks[String(network.outputs.name)]?.Aliases).toContain("front");
    await subject.refresh();
    expect(await subject.diff({ ...subject.inputs })).toMatchObject({ changes: "none" });
  });

  test("changes limits and the restart policy of the same container, up, down and away", async () => {
    const inputs = wanted({ memory: 64, cpuShares: 512 });
    const subject = await resource().create(inputs);
    const id = subject.id;
    for (const change of [{ memory: 256, restart: "always" }, { memory: 32 }, { cpuShares: null }]) {
      const next = { ...inputs, ...change };
      expect(await subject.diff(next)).toMatchObject({ changes: "some", replaces: [] });
      await subject.update(next);
      expect(await subject.diff(next)).toMatchObject({ changes: "none" });
      const { HostConfig } = await inspect(id);
      expect(HostConfig.Memory).toBe(Number(next.memory) * 1024 * 1024);
      await subject.refresh();
      expect(await subject.diff(next)).toMatchObject({ changes: "none" });
    }
  });

  test.each<[string, PropertyMap]>([
    ["image", { image: "other:1" }],
    ["command", { command: ["serve"] }],
    ["envs", { envs: ["A=2"] }],
    ["ports", { ports: [{ internal: 5000, external: 5000 }] }],
    ["uploads", { uploads: [{ file: "/x", content: "2" }] }],
    ["labels", { labels: [{ label: "a", value: "2" }] }],
    ["mounts", { mounts: [{ type: "tmpfs", target: "/y" }] }],
    ["readOnly", { readOnly: true }],
  ])("plans to replace, deleting first, when %s changes", async (key, change) => {
    const subject = resource();
    const inputs = wanted({
      name: "named",
      envs: ["A=1"],
      ports: [{ internal: 5000 }],
      mounts: [{ type: "tmpfs", target: "/x" }],
    });
    subject.inputs = await subject.check(inputs);
    subject.outputs = subject.inputs;
    const difference = await subject.diff({ ...inputs, ...change });
    expect(difference).toMatchObject({ replaces: [key], deleteBeforeReplace: true });
  });

  test("shows on refresh that the container stands still, and starts it again by an update", async () => {
    const inputs = wanted();
    const subject = await resource().create(inputs);
    await docker.getContainer(subject.id).stop({ t: 0 });
    await subject.refresh();
    expect(subject.inputs.mustRun).toBe(false);
    expect(await subject.diff(inputs)).toMatchObject({ diffs: ["mustRun"], replaces: [] });
    await subject.update(inputs);
    expect((await inspect(subject.id)).State.Running).toBe(true);
    expect(await subject.diff(inputs)).toMatchObject({ changes: "none" });
  });

  test("shows on refresh what others changed, and that the container is gone", async () => {
    const inputs = wanted();
    const subject = await resource().create(inputs);
    await docker.getContainer(subject.id).update({ RestartPolicy: { Name: "always" } });
    await subject.refresh();
    expect(subject.inputs.restart).toBe("always");
    expect(await subject.diff(inputs)).toMatchObject({ diffs: ["restart"] });
    await docker.getContainer(subject.id).remove({ force: true, v: true });
    expect(await subject.refresh()).toBeUndefined();
  });

  test("waits until the container is healthy", async () => {
    const healthcheck = { tests: ["CMD-SHELL", "test -e /ready || { touch /ready; false; }"], interval: "300ms" };
    const subject = await resource().create(wanted({ wait: true, waitTimeout: 20, healthcheck }));
    expect((await inspect(subject.id)).State.Health?.Status).toBe("healthy");
  });

  test("records a container that does not get healthy, with what its check said, so that it can be deleted", async () => {
    const subject = resource();
    const healthcheck = { tests: ["CMD-SHELL", "echo broken; false"], interval: "200ms", retries: 1 };
    const failure = await subject.create(wanted({ wait: true, waitTimeout: 2, healthcheck })).catch((error) => error);
    expect(failure).toBeInstanceOf(InitFailed);
    expect(failure.message).toMatch(/was not healthy within 2 seconds.*broken/s);
    subject.id = failure.id;
    expect((await inspect(failure.id)).State.Running).toBe(true);
    expect(failure.outputs).toMatchObject({ id: failure.id, image });
  });

  test("records a container that does not start, and the next update starts it", async () => {
    const blocker = await resource().create(wanted({ ports: [{ internal: 5000, ip: "127.0.0.1" }] }));
    const external = (blocker.outputs.ports as { external: number }[])[0]?.external ?? 0;
    const subject = resource();
    const inputs = wanted({ ports: [{ internal: 5000, external, ip: "127.0.0.1" }] });
    const failure = await subject.create(inputs).catch((error) => error);
    expect(failure).toBeInstanceOf(InitFailed);
    expect(failure.message).toMatch(/Cannot start the container .*port is already allocated/s);
    Object.assign(subject, { id: failure.id, outputs: failure.outputs });
    expect(await subject.diff(inputs)).toMatchObject({ changes: "some", replaces: [] });
    await blocker.delete();
    await subject.update(inputs);
    expect((await inspect(subject.id)).State.Running).toBe(true);
    expect(await subject.diff(inputs)).toMatchObject({ changes: "none" });
  });

  test("leaves nothing behind when it fails before the start", async () => {
    const inputs = wanted({ uploads: [{ file: "/a", source: "/no/such/file" }] });
    await expect(resource().create(inputs)).rejects.toThrow(/no such file/);
    await expect(inspect(String(inputs.name))).rejects.toThrow(/no such container/i);
  });

  test("says whose name is taken", async () => {
    const subject = await resource().create(wanted());
    await expect(resource().create({ name: String(subject.outputs.name), image })).rejects.toThrow(
      /Cannot create the container .*Conflict.*already in use/s,
    );
  });

  test("counts a container that is gone as deleted", async () => {
    const subject = await resource().create(wanted());
    await docker.getContainer(subject.id).remove({ force: true, v: true });
    await expect(
      plugin.delete(urnOf("Container"), subject.id, subject.inputs, subject.outputs),
    ).resolves.toBeUndefined();
  });
});
