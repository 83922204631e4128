import type Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { isSecret, makeSecret } from "../../lib/protocol/property-value.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { randomName } from "../support/random-name.ts";
import { registryImage } from "../support/start-registry.ts";
import type { PluginClient, RecordedResource, ResourceClient } from "./plugin-client.ts";
import { startPlugin } from "./plugin-client.ts";

describeWithDocker("VolumeFiles over gRPC", () => {
  const docker = dockerClient({});
  const volume = randomName("files");
  let plugin: PluginClient;
  let files: ResourceClient;
  let reader: Docker.Container;
  let made: RecordedResource;

  const file = (changes: PropertyMap = {}): PropertyMap => ({
    name: "config.yml",
    content: makeSecret("s3cret-1"),
    onChange: "restart",
    ...changes,
  });
  const users = (content: string): PropertyMap => ({ name: "users", content: makeSecret(content), onChange: "reread" });
  const given = (changes: PropertyMap = {}): PropertyMap => ({
    volume,
    image: registryImage,
    files: [file(), users("s3cret-2")],
    ...changes,
  });
  const checked = async (changes: PropertyMap = {}) => {
    const { inputs, failures } = await files.check(given(changes), made?.inputs);
    expect(failures).toEqual([]);
    return inputs;
  };
  const startedAt = async () => (await reader.inspect()).State.StartedAt;
  /** `-r-------- 0 0 config.yml s3cret-1`, line by line, as the reader sees them. */
  const seen = async (): Promise<string[]> => {
    const script = 'cd /files; for f in *; do echo "$(stat -c "%a %u %g" $f) $f $(cat $f)"; done';
    const command = await reader.exec({ Cmd: ["sh", "-c", script], AttachStdout: true, Tty: true });
    const stream = await command.start({ Tty: true });
    return (await stream.toArray()).join("").trim().split("\r\n");
  };

  beforeAll(async () => {
    plugin = await startPlugin();
    files = plugin.resource("registry-kit:files:VolumeFiles");
    await docker.createVolume({ Name: volume });
    made = await files.create(await checked());
    reader = await docker.createContainer({
      Image: registryImage,
      Entrypoint: ["sleep", "600"],
      StopTimeout: 1,
      HostConfig: {
        NetworkMode: "none",
        Mounts: [{ Type: "volume", Source: volume, Target: "/files", ReadOnly: true }],
      },
    });
    await reader.start();
  });
  afterAll(async () => {
    await reader?.remove({ force: true, v: true });
    await docker.getVolume(volume).remove({ force: true });
    await plugin?.[Symbol.asyncDispose]();
  });

  it("writes the files with their defaults, and tells nothing of them", async () => {
    expect(await seen()).toEqual(["400 0 0 config.yml s3cret-1", "400 0 0 users s3cret-2"]);
    expect(made.inputs).toMatchObject({ dockerHost: {}, owner: { uid: 0, gid: 0 } });
    expect(JSON.stringify(made.inputs.files)).toContain("s3cret-1");
    expect(made.inputs.files).toSatisfy(isSecret);
    expect(made.outputs.digests).toSatisfy(isSecret);
    expect(made.outputs.drift).toEqual([]);
    expect(await files.diff(made, await checked())).toMatchObject({ action: "none" });
  });

  it.each<[string, PropertyMap, "restarts" | "does not restart", string[]]>([
    [
      "a content that is reread",
      { files: [file(), users("new")] },
      "does not restart",
      ["400 0 0 config.yml s3cret-1", "400 0 0 users new"],
    ],
    [
      "a content that asks for a restart",
      { files: [file({ content: makeSecret("new") }), users("s3cret-2")] },
      "restarts",
      ["400 0 0 config.yml new", "400 0 0 users s3cret-2"],
    ],
    [
      "a mode",
      { files: [file(), { ...users("s3cret-2"), mode: 0o440 }] },
      "does not restart",
      ["400 0 0 config.yml s3cret-1", "440 0 0 users s3cret-2"],
    ],
    [
      "a file more",
      { files: [file(), users("s3cret-2"), { ...users("third"), name: "z" }] },
      "does not restart",
      ["400 0 0 config.yml s3cret-1", "400 0 0 users s3cret-2", "400 0 0 z third"],
    ],
  ])("updates in place for %s", async (_what, change, effect, expected) => {
    const news = await checked(change);
    const { action, properties } = await files.diff(made, news);
    expect([action, properties]).toEqual(["update", Object.keys(change)]);
    const before = await startedAt();
    const updated = await files.update(made, news);
    expect(await seen()).toEqual(expected);
    expect((await startedAt()) === before).toBe(effect === "does not restart");
    expect(await files.diff(updated, news)).toMatchObject({ action: "none" });
    await files.update({ ...updated, inputs: news }, made.inputs);
  });

  it("another image touches no file, and restarts nothing", async () => {
    const before = [await startedAt(), await seen()];
    const news = await checked({ image: (await docker.getImage(registryImage).inspect()).Id });
    expect(await files.diff(made, news)).toMatchObject({ action: "update", properties: ["image"] });
    await files.update(made, news);
    expect([await startedAt(), await seen()]).toEqual(before);
  });

  it.each<[string, PropertyMap]>([
    ["volume", { volume: "another" }],
    ["owner", { owner: { uid: 12, gid: 34 } }],
    ["dockerHost", { dockerHost: { url: "tcp://192.0.2.1:2376" } }],
  ])("is replaced when %s changes", async (property, change) => {
    expect(await files.diff(made, await checked(change))).toMatchObject({ action: "replace", properties: [property] });
  });

  it("is gone when its volume is, and stays quiet when it is deleted", async () => {
    const elsewhere = { ...made, inputs: { ...made.inputs, volume: randomName("none") } };
    expect(await files.read(elsewhere)).toBeUndefined();
    await files.delete(made);
    expect((await seen()).length).toBeGreaterThanOrEqual(2);
  });

  it("names what is wrong, file by file, and shows no content", async () => {
    const wrong = [
      file({ name: "../etc/passwd" }),
      file({ mode: 0o7777 }),
      file({ onChange: "reboot" }),
      { name: "x" },
    ];
    const { failures } = await files.check(given({ files: wrong, owner: { uid: -1, gid: 0 } }));
    expect(failures.map(({ property }) => property)).toEqual([
      "owner.uid",
      "files[0].name",
      "files[1].mode",
      "files[2].onChange",
      "files[3].content",
      "files[3].onChange",
    ]);
    expect(JSON.stringify(failures)).not.toContain("s3cret");
  });

  it("an image that is not there is an error that names it", async () => {
    const image = "registry-kit-test-none:1.2.3";
    await expect(files.create(await checked({ image }))).rejects.toThrow(image);
  });
});
