import { buffer } from "node:stream/consumers";
import tar from "tar-stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { helperLabel, removeHelpers } from "../../../components/files/helpers.ts";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { findEstates } from "../../../scripts/throw-away/estate.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { randomName } from "../../support/random-name.ts";

const docker = dockerClient({});

describeWithDocker("Labels that an image brings", () => {
  const [stack, hostile, volume] = ["pr", "hostile", "volume"].map(randomName) as [string, string, string];
  const kit = {
    "io.registry-kit.stack": stack,
    "io.registry-kit.registry": stack,
    "io.registry-kit.ephemeral": "2026-01-01T00:00:00.000Z",
  };
  const made: string[] = [];
  beforeAll(async () => {
    await makeImage(hostile, { ...kit, "io.registry-kit.trust": '["/some/pki/ca.crt"]', [helperLabel]: volume });
    await docker.createVolume({ Name: volume });
  });
  afterAll(async () => {
    for (const name of made)
      await docker
        .getContainer(name)
        .remove({ force: true })
        .catch(() => {});
    for (const name of [volume, `${stack}-data`])
      await docker
        .getVolume(name)
        .remove()
        .catch(() => {});
    await docker.getImage(hostile).remove({ force: true });
  });

  /** An image with nothing but labels. */
  async function makeImage(name: string, labels: Record<string, string>): Promise<void> {
    const pack = tar.pack();
    pack.entry({ name: "empty" }, "");
    pack.finalize();
    const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`);
    const stream = await docker.importImage((await buffer(pack)) as unknown as string, { repo: name, changes });
    await buffer(stream);
  }
  async function create(name: string, options: object = {}): Promise<string> {
    made.push(name);
    return (await docker.createContainer({ name, Image: hostile, Cmd: ["/none"], ...options })).id;
  }
  async function found(): Promise<{ estate: object | undefined; said: string }> {
    const said: string[] = [];
    const estates = await findEstates(docker, (line) => said.push(line));
    return { estate: estates.find((each) => each.stack === stack), said: said.join("\n") };
  }
  const binds = (name: string) => ({ HostConfig: { Binds: [`${name}:/data`] } });

  it("make no throw-away stack of a container, and no helper", async () => {
    const container = await create(randomName("bystander"), binds(volume));
    expect((await found()).estate).toBeUndefined();
    await removeHelpers(docker, volume);
    expect((await docker.getContainer(container).inspect()).Id).toBe(container);
  });

  it("make no throw-away stack either if someone types them", async () => {
    const name = randomName("typed");
    const typed = Object.fromEntries(Object.keys(kit).map((label) => [label, "2026-01-02T00:00:00.000Z"]));
    await create(name, { Labels: typed });
    const { estate, said } = await found();
    expect(estate).toBeUndefined();
    expect(said).toContain(`Container ${name} has the labels of a throw-away stack, but no volume has the same`);
  });

  it("put no container among those of a stack that exists, unless it uses the stack's volume", async () => {
    await docker.createVolume({ Name: `${stack}-data`, Labels: kit });
    const own = await create(randomName("own"), binds(`${stack}-data`));
    expect((await found()).estate).toMatchObject({ volumes: [`${stack}-data`], containers: [own], trustedFiles: [] });
  });

  it("do not keep a helper of the kit from going", async () => {
    const labels = { [helperLabel]: `${stack}-data` };
    const helper = await create(randomName("helper"), { Labels: labels, ...binds(`${stack}-data`) });
    await removeHelpers(docker, `${stack}-data`);
    await expect(docker.getContainer(helper).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });
});
