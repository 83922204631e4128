import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { withoutFrames } from "../../../engine/docker/container/without-frames.ts";
import { makeSecret, type PropertyMap } from "../../../lib/protocol/property-value.ts";
import { dockerInputs } from "../../../scripts/documentation/docker-table.ts";
import type { DockerSwarm } from "../../support/docker-swarm.ts";
import { startSwarm } from "../../support/docker-swarm.ts";
import { dockerNodeObstacle } from "../../support/node-network.ts";
import { leavesOf } from "./honoured-inputs.ts";
import { honouredServices } from "./honoured-services.ts";
import type { PluginClient } from "./plugin-client.ts";
import { image, needsRealPlugin, realPlugin, startOurs, startReal, uniqueName } from "./plugins.ts";
import { TestResource } from "./resource.ts";

const obstacle = await dockerNodeObstacle(image);

describe.skipIf(obstacle)(`on a swarm${obstacle ? ` (skipped: ${obstacle})` : ""}`, () => {
  const made: TestResource[] = [];
  let swarm: DockerSwarm<["manager"]>;
  let docker: Docker;
  let ours: PluginClient;
  let real: PluginClient | undefined;
  beforeAll(async () => {
    swarm = await startSwarm(["manager"], { images: [image] });
    const [{ socket }] = swarm.nodes;
    docker = new Docker({ socketPath: socket });
    ours = await startOurs({ host: `unix://${socket}` });
    if (realPlugin) real = await startReal({ host: `unix://${socket}` });
  });
  afterEach(async () => {
    for (const resource of made.splice(0).reverse()) await resource.delete();
  });
  afterAll(async () => {
    ours?.stop();
    real?.stop();
    await swarm?.[Symbol.asyncDispose]();
  });

  const resource = (type: string, plugin = ours) => {
    const subject = new TestResource(plugin, type);
    made.push(subject);
    return subject;
  };
  const handOver = (subject: TestResource, plugin: PluginClient, type: string) => {
    const { id, inputs, outputs } = subject;
    return Object.assign(new TestResource(plugin, type), { id, inputs, outputs });
  };
  const task = (more: PropertyMap = {}): PropertyMap => ({ containerSpec: { image, ...more } });
  const convergeConfig = { delay: "500ms", timeout: "60s" };

  test("a secret is made, kept secret in the state, replaced beside the old one, and deleted", async () => {
    const data = Buffer.from("hunter2").toString("base64");
    const wanted = { data: makeSecret(data), labels: [{ label: "a", value: "1" }] };
    const subject = await resource("Secret").create(wanted);
    expect(subject.outputs.data).toEqual(makeSecret(data));
    expect(await docker.getSecret(subject.id).inspect()).toMatchObject({ Spec: { Labels: { a: "1" } } });
    await subject.refresh();
    expect(subject.outputs).toMatchObject({ data: makeSecret(data), labels: wanted.labels });
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
    expect(await subject.diff({ data: "bmV3" })).toMatchObject({ deleteBeforeReplace: false });
    expect((await subject.diff({ ...wanted, data: "bmV3" })).replaces).toEqual(["data"]);
    await docker.getSecret(subject.id).remove();
    expect(await subject.refresh()).toBeUndefined();
  });

  test("a config is made from text or base64, read back, and its change replaces", async () => {
    for (const wanted of [{ dataRaw: "hello" }, { data: Buffer.from("hello").toString("base64") }]) {
      const subject = await resource("ServiceConfig").create(wanted);
      const { Spec } = await docker.getConfig(subject.id).inspect();
      expect(Buffer.from(String(Spec?.Data), "base64").toString()).toBe("hello");
      await subject.refresh();
      expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
      const [key] = Object.keys(wanted);
      expect((await subject.diff({ [String(key)]: "b3RoZXI=" })).replaces).toEqual([key]);
    }
  });

  /** A file in a container, which may be in memory only. */
  async function readInside(id: string, file: string): Promise<string> {
    const exec = await docker.getContainer(id).exec({ Cmd: ["cat", file], AttachStdout: true });
    return withoutFrames(await buffer(await exec.start({})));
  }

  /** A service with everything that the kit uses. */
  async function fullService(): Promise<PropertyMap> {
    const network = await resource("Network").create({ driver: "overlay" });
    const secret = await resource("Secret").create({ data: "c2VjcmV0" });
    const config = await resource("ServiceConfig").create({ dataRaw: "text" });
    return {
      name: uniqueName(),
      labels: [{ label: "a", value: "1" }],
      taskSpec: {
        containerSpec: {
          image,
          env: { A: "1", B: "x=y" },
          labels: [{ label: "c", value: "2" }],
          healthcheck: { tests: ["CMD", "true"], interval: "500ms" },
          secrets: [{ secretId: secret.id, secretName: secret.outputs.name ?? "", fileName: "s", fileMode: 256 }],
          configs: [{ configId: config.id, configName: config.outputs.name ?? "", fileName: "/c" }],
          mounts: [
            {
              type: "volume",
              target: "/data",
              source: uniqueName(),
              volumeOptions: { driverName: "local", driverOptions: { type: "tmpfs", device: "tmpfs" } },
            },
          ],
          stopGracePeriod: "1s",
        },
        networksAdvanceds: [{ name: network.id, aliases: ["registry"] }],
        placement: { constraints: ["node.role==manager"] },
        resources: { limits: { memoryBytes: 268435456 } },
      },
      mode: { replicated: { replicas: 1 } },
      endpointSpec: { ports: [{ targetPort: 5000, publishMode: "host" }] },
      updateConfig: { monitor: "500ms", order: "stop-first", failureAction: "pause" },
      rollbackConfig: { monitor: "1s" },
      convergeConfig,
    };
  }

  test("a service runs as asked for, shows no difference, rolls, scales and goes", { timeout: 120_000 }, async () => {
    const wanted = await fullService();
    const subject = await resource("Service").create(wanted);
    const inspect = () => docker.getService(subject.id).inspect();
    const tasks = (await docker.listTasks()).filter(({ Status }) => Status.State === "running");
    expect(tasks).toHaveLength(1);
    expect(await readInside(tasks[0]?.Status.ContainerStatus.ContainerID, "/run/secrets/s")).toBe("secret");
    expect((await inspect()).Spec.TaskTemplate.ContainerSpec).toMatchObject({
      Env: ["A=1", "B=x=y"],
      Secrets: [{ File: { Name: "s", Mode: 256 } }],
      Configs: [{ File: { Name: "/c", Mode: 0o444 } }],
      Mounts: [{ VolumeOptions: { DriverConfig: { Name: "local", Options: { type: "tmpfs" } } } }],
    });
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
    const before = subject.inputs;
    await subject.refresh();
    expect(subject.inputs).toEqual(before);
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });

    const rolled = structuredClone(wanted);
    (rolled.taskSpec as { containerSpec: { env: object } }).containerSpec.env = { A: "2" };
    expect(await subject.diff(rolled)).toMatchObject({ diffs: ["taskSpec"], replaces: [] });
    await subject.update(rolled);
    expect((await inspect()).UpdateStatus.State).toBe("completed");
    expect(await subject.diff(rolled)).toMatchObject({ changes: "none" });

    const relabelled = { ...rolled, labels: [{ label: "a", value: "2" }] };
    await subject.update(relabelled);
    expect((await inspect()).Spec.Labels).toEqual({ a: "2" });
    await subject.refresh();
    expect(await subject.diff(relabelled)).toMatchObject({ changes: "none" });

    const { Version, Spec } = await inspect();
    const drifted = { ...Spec, Labels: { a: "drift" } };
    await docker.getService(subject.id).update({ version: Version.Index, ...drifted });
    await subject.refresh();
    expect(await subject.diff(relabelled)).toMatchObject({ diffs: ["labels"] });

    expect(await subject.diff({ ...wanted, name: "other" })).toMatchObject({ deleteBeforeReplace: true });
    await subject.delete();
    expect((await docker.listTasks()).length).toBe(0);
    expect(await subject.refresh()).toBeUndefined();
  });

  test("a service has every input that the documentation calls honoured", { timeout: 120_000 }, async () => {
    const [network, secret, config] = [
      await resource("Network").create({ driver: "overlay" }),
      await resource("Secret").create({ data: "YQ==" }),
      await resource("ServiceConfig").create({ data: "YQ==" }),
    ];
    const services = honouredServices({
      image,
      name: uniqueName(),
      network: network.id,
      secret: { id: secret.id, name: String(secret.outputs.name) },
      config: { id: config.id, name: String(config.outputs.name) },
    });
    for (const { given, told } of services) {
      const subject = await resource("Service").create(given);
      expect((await docker.getService(subject.id).inspect()).Spec).toMatchObject(told);
      const { changes, detailed } = await subject.diff(given);
      expect({ changes, detailed }).toEqual({ changes: "none", detailed: {} });
    }
    const compared = new Set(services.flatMap(({ given }) => leavesOf(given)));
    const honoured = dockerInputs().filter(({ type, fate }) => type === "Service" && fate === "honoured");
    expect(honoured.map(({ path }) => path).filter((path) => !compared.has(path))).toEqual([]);
  });

  test("a secret and a config have every input that the documentation calls honoured", async () => {
    const labels = [{ label: "org.example.a", value: "1" }];
    const Labels = { "org.example.a": "1" };
    const [Data, Name] = [Buffer.from("text").toString("base64"), uniqueName()];
    const cases = [
      { type: "Secret", given: { name: Name, data: Data, labels }, told: { Name, Labels } }, // data: the service above reads it
      { type: "ServiceConfig", given: { name: Name, data: Data, labels }, told: { Name, Labels, Data } },
      { type: "ServiceConfig", given: { name: `${Name}-raw`, dataRaw: "text", labels }, told: { Labels, Data } },
    ];
    for (const { type, given, told } of cases) {
      const subject = await resource(type).create(given);
      const object = type === "Secret" ? docker.getSecret(subject.id) : docker.getConfig(subject.id);
      expect((await object.inspect()).Spec).toMatchObject(told);
      expect(await subject.diff(given)).toMatchObject({ changes: "none" });
      // What others change is seen: labels are all that Docker lets them change.
      const { Spec, Version } = await object.inspect();
      await object.update({ version: Version?.Index, ...Spec, Labels: { ...Labels, drift: "1" } });
      await subject.refresh();
      expect((await subject.diff(given)).replaces).toEqual(["labels"]);
    }
    for (const type of ["Secret", "ServiceConfig"]) {
      const compared = new Set(cases.filter((one) => one.type === type).flatMap(({ given }) => leavesOf(given)));
      const honoured = dockerInputs().filter((input) => input.type === type && input.fate === "honoured");
      expect(honoured.map(({ path }) => path).filter((path) => !compared.has(path))).toEqual([]);
    }
  });

  test("an overlay network of which only the subnet is given is not changed by the next run", async () => {
    const wanted = {
      driver: "overlay",
      ipamConfigs: [{ subnet: "10.214.0.0/24" }],
      options: { encrypted: "" },
    };
    const subject = await resource("Network").create(wanted);
    const user = await resource("Service").create({
      taskSpec: { ...task(), networksAdvanceds: [{ name: subject.id }] },
      convergeConfig,
    });
    const none = async () => {
      const { changes, detailed } = await subject.diff(wanted);
      expect({ changes, detailed }).toEqual({ changes: "none", detailed: {} });
    };
    await none();
    await subject.refresh();
    await none();
    const other = await subject.diff({ ...wanted, ipamConfigs: [{ subnet: "10.214.0.0/24", gateway: "10.214.0.77" }] });
    expect(other.replaces).toEqual(["ipamConfigs"]);
    await user.delete();
  });

  test("a service scales in place, and a change to global replaces it", async () => {
    const wanted = { taskSpec: task(), mode: { replicated: { replicas: 1 } }, convergeConfig };
    const subject = await resource("Service").create(wanted);
    const two = { ...wanted, mode: { replicated: { replicas: 2 } } };
    expect(await subject.diff(two)).toMatchObject({ diffs: ["mode"], replaces: [] });
    await subject.update(two);
    // Of this service alone: tasks of the service before it may still be stopping.
    const tasks = await docker.listTasks({ filters: { service: [subject.id] } });
    expect(tasks.filter(({ Status }) => Status.State === "running")).toHaveLength(2);
    expect((await subject.diff({ taskSpec: task(), mode: { global: true } })).replaces).toEqual(["mode"]);
  });

  test("a service that does not converge is removed again, with its tasks' own errors", async () => {
    const name = uniqueName();
    const wanted = {
      name,
      taskSpec: { ...task({ commands: ["/no/such/program"] }), restartPolicy: { condition: "none" } },
      convergeConfig: { delay: "500ms", timeout: "4s" },
    };
    await expect(resource("Service").create(wanted)).rejects.toThrow(
      /did not converge within 4s \(convergeConfig\.timeout\)\. Its tasks say: .*no such file or directory/s,
    );
    await expect(docker.getService(name).inspect()).rejects.toThrow(/no such service|not found/);
  });

  test("an update that the swarm pauses is a partial failure with the tasks' errors, and can be repaired", async () => {
    const wanted = { taskSpec: task(), updateConfig: { monitor: "3s" }, convergeConfig };
    const subject = await resource("Service").create(wanted);
    const broken = { ...wanted, taskSpec: task({ commands: ["/no/such/program"] }) };
    await expect(subject.update(broken)).rejects.toThrow(/did not converge: paused: .*no such file or directory/s);
    expect(await subject.diff(broken)).toMatchObject({ changes: "some", replaces: [] });
    await subject.refresh();
    await subject.update(wanted);
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
  });

  test.each<[string, (data: string) => PropertyMap]>([
    ["Secret", (data) => ({ data })],
    ["ServiceConfig", (data) => ({ data })],
    ["Service", () => ({ taskSpec: task() })],
  ])("a %s that a killed run left behind is adopted", async (type, inputs) => {
    const since = new Date();
    const subject = await resource(type).create({ ...inputs("eA=="), name: uniqueName() });
    const found = await ours.read(subject.urn, "", subject.inputs, { since: since.toISOString() });
    expect(found).toMatchObject({ id: subject.id });
  });

  test.skipIf(!realPlugin)(
    `state is exchanged with Pulumi's plugin in both directions${needsRealPlugin}`,
    { timeout: 180_000 },
    async () => {
      const other = real as PluginClient;
      const wanted = await fullService();
      const subject = await resource("Service").create(wanted);
      const taken = handOver(subject, other, "Service");
      expect(await taken.diff(wanted)).toMatchObject({ changes: "none" });
      const scaled = { ...wanted, mode: { replicated: { replicas: 2 } }, endpointSpec: { ports: [] } };
      const plans = await Promise.all([subject.diff(scaled), taken.diff(scaled)]);
      expect(plans[0]?.replaces).toEqual(plans[1]?.replaces);
      await taken.update(wanted);
      const back = handOver(taken, ours, "Service");
      expect(await back.diff(wanted)).toMatchObject({ changes: "none" });
      await back.refresh();
      expect(await back.diff(wanted)).toMatchObject({ changes: "none" });
      for (const [type, inputs] of [
        ["Secret", { data: "eA==" }],
        ["ServiceConfig", { dataRaw: "x" }],
      ] as const) {
        const mine = await resource(type).create(inputs);
        expect(await handOver(mine, other, type).diff(inputs)).toMatchObject({ changes: "none" });
        const theirs = await resource(type, other).create({ ...inputs, name: uniqueName() });
        expect(await handOver(theirs, ours, type).diff({ ...inputs, name: theirs.inputs.name ?? "" })).toMatchObject({
          changes: "none",
        });
      }
    },
  );
});
