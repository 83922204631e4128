import Docker from "dockerode";
import { expect, it } from "vitest";
import { missingObjects } from "../../../scripts/status/missing-objects.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { randomName } from "../../support/random-name.ts";
import { registryImage } from "../../support/start-registry.ts";

const docker = new Docker();

describeWithDocker("What up looks for before it believes the state", () => {
  it("finds what somebody removed or stopped, and nothing else", async () => {
    const name = randomName("missing");
    const [container, stopped, network, volume] = await Promise.all([
      docker.createContainer({ name, Image: registryImage, Entrypoint: ["sleep", "60"] }),
      docker.createContainer({ name: `${name}-stopped`, Image: registryImage }),
      docker.createNetwork({ Name: name }),
      docker.createVolume({ Name: name }).then(() => docker.getVolume(name)),
    ]);
    await container.start();
    const resource = (kind: string, id: string, more: object = {}) => {
      const type = `docker:index/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}`;
      return { urn: `urn:${kind}`, type, id, outputs: { name: id }, ...more };
    };
    const all = [
      resource("container", container.id, { outputs: { name } }),
      resource("container", stopped.id, { outputs: { name: `${name}-stopped` }, inputs: { mustRun: false } }),
      resource("network", network.id, { outputs: { name } }),
      resource("volume", name),
      resource("container", "never-there", { delete: true }),
      resource("volume", "never-there", { external: true }),
      resource("secret", "never-there"),
    ];
    expect(await missingObjects(docker, all)).toEqual([]);
    const running = resource("container", stopped.id, { outputs: { name: `${name}-stopped` } });
    expect(await missingObjects(docker, [running])).toEqual([`container ${name}-stopped has stopped (created)`]);
    await container.remove({ force: true, v: true });
    await Promise.all([stopped.remove({ v: true }), network.remove(), volume.remove()]);
    expect(await missingObjects(docker, all)).toEqual([
      `container ${name} is gone`,
      `container ${name}-stopped is gone`,
      `network ${name} is gone`,
      `volume ${name} is gone`,
    ]);
  });

  it("leaves a daemon that does not answer to others", async () => {
    const nobody = new Docker({ socketPath: "/run/nobody-listens.sock" });
    const lost = { urn: "urn:x", type: "docker:index/volume:Volume", id: "data", outputs: { name: "data" } };
    expect(await missingObjects(nobody, [lost])).toEqual([]);
  });
});
