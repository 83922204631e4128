import { afterEach, beforeEach, expect, it } from "vitest";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { removeVolume } from "../../../scripts/teardown/remove-volume.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { randomName } from "../../support/random-name.ts";
import { registryImage } from "../../support/start-registry.ts";

describeWithDocker("A volume that is purged", () => {
  const docker = dockerClient({});
  let volume: string;
  beforeEach(() => {
    volume = randomName("purge");
  });
  afterEach(async () => {
    const { Volumes } = await docker.listVolumes({ filters: { name: [volume] } });
    for (const { Name } of Volumes) await docker.getVolume(Name).remove();
  });

  function user(labels: Record<string, string>) {
    const HostConfig = { Binds: [`${volume}:/var/lib/registry`] };
    return docker.createContainer({ name: randomName("user"), Image: registryImage, Labels: labels, HostConfig });
  }

  it("goes when the last task of its service has ended", async () => {
    const task = await user({ "com.docker.swarm.service.id": "service" });
    const removal = removeVolume(volume, {});
    const first = await Promise.race([removal.then(() => "removed"), docker.getVolume(volume).inspect()]);
    expect(first).toMatchObject({ Name: volume });
    await task.remove({ v: true });
    await removal;
    await expect(docker.getVolume(volume).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("stays with what else uses it, and says so at once", async () => {
    const other = await user({});
    try {
      await expect(removeVolume(volume, {})).rejects.toThrow(/can't be removed: .*in use.* Stop what uses it/s);
    } finally {
      await other.remove({ v: true });
    }
  });
});
