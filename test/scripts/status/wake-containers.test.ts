import Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { archive } from "../../../components/files/volume-writer.ts";
import { wakeContainers } from "../../../scripts/status/wake-containers.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { poll } from "../../support/poll.ts";
import { randomName } from "../../support/random-name.ts";
import { registryImage } from "../../support/start-registry.ts";

const docker = new Docker();

describeWithDocker("What up does to containers that are there and cannot answer", () => {
  const name = randomName("wake");
  let network: Docker.Network;
  let container: Docker.Container;
  beforeAll(async () => {
    network = await docker.createNetwork({ Name: name });
    container = await docker.createContainer({
      name,
      Image: registryImage,
      // It ends until somebody has put the file there.
      Entrypoint: ["sh", "-c", "test -e /tmp/good && exec sleep 300"],
      HostConfig: { NetworkMode: name, RestartPolicy: { Name: "always" } },
    });
  });
  afterAll(async () => {
    await container.remove({ force: true, v: true });
    await network.remove();
  });

  const wake = (more: object = {}) =>
    wakeContainers(docker, [
      {
        urn: "urn:x",
        type: "docker:index/container:Container",
        id: container.id,
        inputs: { networksAdvanced: [{ name }] },
        ...more,
      },
    ]);
  const state = async () => {
    const { State, NetworkSettings } = await container.inspect();
    return [State.Status, Object.keys(NetworkSettings.Networks)];
  };

  it("starts one at once that Docker would start later", async () => {
    await container.start();
    // Docker waits twice as long after every attempt: after the fifth, long enough for what follows.
    const waits = async () => {
      const { State, RestartCount } = await container.inspect();
      return State.Status === "restarting" && RestartCount >= 5 ? RestartCount : undefined;
    };
    const count = await poll("the container waits", waits, { deadline: 60_000 });
    await container.putArchive(await archive([{ name: "good", content: "", mode: 0o444 }], { uid: 0, gid: 0 }), {
      path: "/tmp",
    });
    await wake();
    expect(await state()).toEqual(["running", [name]]);
    // By Docker's own count this start was none of its attempts.
    expect((await container.inspect()).RestartCount).toBeLessThanOrEqual(count);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["paused", () => container.pause()],
    ["taken off its network", () => network.disconnect({ Container: container.id })],
    [
      "paused, and taken off its network before",
      () => network.disconnect({ Container: container.id }).then(() => container.pause()),
    ],
  ])("lets one answer that somebody has %s", async (_, change) => {
    const { Id } = await container.inspect();
    await change();
    expect(await state()).not.toEqual(["running", [name]]);
    await wake();
    expect(await state()).toEqual(["running", [name]]);
    expect((await container.inspect()).Id).toBe(Id);
  });

  it("leaves those that are not the stack's, or that a replacement left", async () => {
    await container.pause();
    await wake({ external: true });
    await wake({ delete: true });
    await wake({ id: "never-there" });
    expect((await state())[0]).toBe("paused");
    await container.unpause();
  });
});
