import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import type { DockerUser } from "../support/docker-user.ts";
import { dockerUser, makeRandomImage } from "../support/docker-user.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const docker = dockerClient({});

/** Docker's own lab "Run a private registry" in three parts, with the kit's settings instead of its manual steps. */
describeWithEngines("The registry lab, as a user would type it", (engine) => {
  let copy: ProjectCopy;
  let image: string;
  let digest: string;

  beforeAll(async () => {
    const settings = { users: "none", tls: "none", insecure: "i-understand" };
    copy = await ProjectCopy.make({ engine, settings });
    image = `${copy.place}/hello-world:latest`;
    await makeRandomImage(image, 100_000);
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  async function up(users: string): Promise<void> {
    const { exitCode, all, stdout } = await copy.run("up");
    expect(exitCode, all).toBe(0);
    expect(stdout).toContain(users);
    expect(stdout).toMatch(/ 0 failed, /);
  }
  /** Pulls what the daemon does not have any more. @returns its digest */
  async function pull(user: DockerUser): Promise<string | undefined> {
    await user.docker(["image", "rm", image]);
    const { exitCode, all } = await user.docker(["pull", image]);
    expect(exitCode, all).toBe(0);
    return digestIn(all);
  }

  it("part 1: a registry without TLS and users takes an image and gives it back", async () => {
    await up(`Registry: http://${copy.place}, anyone may push and pull`);
    await using anyone = await dockerUser();
    const push = await anyone.docker(["push", image]);
    expect(push.exitCode, push.all).toBe(0);
    digest = digestIn(push.all) ?? "";
    expect(await pull(anyone)).toBe(digest);
  });

  it("part 2: with TLS it is the same registry with the same images", async () => {
    copy.change({ tls: undefined, insecure: undefined });
    await up(`Registry: https://${copy.place}, anyone may push and pull`);
    await using anyone = await dockerUser();
    expect(await pull(anyone)).toBe(digest);
    expect(copy.trustedFiles()).toContain(`127.0.0.1:${copy.port}/ca.crt`);
  });

  it("part 3: with users it wants a password, and knows moby from gordon", async () => {
    copy.change({ users: { moby: { generated: true }, gordon: { password: "gordon" } } });
    const before = (await docker.getContainer(copy.name).inspect()).Id;
    await up(`Registry: https://${copy.place}, users: gordon, moby`);
    expect((await docker.getContainer(copy.name).inspect()).Id).toBe(before);

    await using stranger = await dockerUser();
    const anonymous = await stranger.docker(["push", image]);
    expect(anonymous).toMatchObject({ exitCode: 1, all: expect.stringContaining("no basic auth credentials") });
    const wrong = await stranger.login(copy.place, "moby", "gordon");
    expect(wrong).toMatchObject({ exitCode: 1, all: expect.stringContaining("401 Unauthorized") });

    const { stdout: generated } = await copy.run("password", ["moby"]);
    for (const [name, password] of [
      ["moby", generated],
      ["gordon", "gordon"],
    ] as const) {
      await using user = await dockerUser();
      const login = await user.login(copy.place, name, password);
      expect(login.exitCode, login.all).toBe(0);
      let push = await user.docker(["push", image]);
      // A daemon that waits 10 s for the handshake on a busy machine takes a loopback address for one without TLS.
      if (/TLS handshake timeout|HTTP request to an HTTPS server/.test(push.all))
        push = await user.docker(["push", image]);
      expect(push.exitCode, push.all).toBe(0);
      expect(await pull(user)).toBe(digest);
    }
  });
});

function digestIn(text: string): string | undefined {
  return /digest: (sha256:[0-9a-f]{64})/i.exec(text)?.[1];
}
