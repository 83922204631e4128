import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { findSecrets } from "../../scripts/proof/find-secrets.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { dockerUser, makeRandomImage } from "../support/docker-user.ts";
import { ProcessWatch } from "../support/process-watch.ts";
import type { CommandResult } from "../support/project-copy.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const docker = dockerClient({});
const settingsPassword = "gordon's plain password";
const hash = "$2y$05$abcdefghijklmnopqrstuuFqpmlh9XFxwfaTnAeqK1ZvGJOXQ4Dd6";

describeWithEngines("The dev stack, from up to down", (engine) => {
  let copy: ProjectCopy;
  let up: CommandResult;
  let processes: string[];
  let secrets: string[];

  beforeAll(async () => {
    copy = await ProjectCopy.make({
      engine,
      settings: {
        users: { moby: { generated: true }, gordon: { password: settingsPassword }, known: { hash } },
      },
    });
    const watch = new ProcessWatch();
    up = await copy.run("up");
    processes = await watch.end();
    secrets = await secretsOf(copy);
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  it("comes up, is proven, and says how to use it", () => {
    expect(up.exitCode, up.all).toBe(0);
    expect(up.stdout).toMatch(/^Proof: \d+ passed, 0 failed, 0 skipped$/m);
    expect(up.stdout).toContain(`Registry: https://${copy.place}, users: gordon, known, moby`);
    expect(up.stdout).toContain(`docker login ${copy.place} --username gordon --password-stdin`);
  });

  it("has nothing to do at a second look", async () => {
    const preview = await copy.run("preview", ["--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
  });

  it("tells its status as JSON, and nothing else on standard output", async () => {
    const status = await copy.run("status", ["--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({
      url: `https://${copy.place}`,
      running: true,
      state: "running",
      restarts: 0,
      users: ["gordon", "known", "moby"],
      volume: copy.volume,
      certificateDaysLeft: 396,
    });
    expect(status.exitCode).toBe(0);
  });

  it("is proven again by verify, as JSON too", async () => {
    const verify = await copy.run("verify", ["--json"]);
    expect(verify.exitCode, verify.all).toBe(0);
    const checks = Object.values(JSON.parse(verify.stdout) as object).flat() as { name: string; ok: unknown }[];
    expect(checks.filter(({ ok }) => ok === true).length).toBeGreaterThanOrEqual(18);
  });

  it("prints the password of each user that it knows", async () => {
    const { passwords } = (await copy.outputs()) as { passwords: Record<string, string> };
    expect(passwords.gordon).toBe(settingsPassword);
    const moby = await copy.run("password", ["moby"]);
    expect(moby).toMatchObject({ exitCode: 0, stdout: passwords.moby });
    const known = await copy.run("password", ["known"]);
    expect(known).toMatchObject({ exitCode: 1, stdout: "" });
    expect(known.stderr).toContain('The password of "known" is not known here: the settings give only its hash.');
  });

  it("shows no secret: not in the state, nor in processes, docker inspect, logs, or what up says", async () => {
    expect(secrets.length).toBeGreaterThanOrEqual(7);
    const container = docker.getContainer(copy.name);
    const logs = await container.logs({ stdout: true, stderr: true });
    const places = {
      state: JSON.parse(readFileSync(copy.stateFile, "utf8")),
      processes: processes.filter((text) => !isConfiguration(text)),
      inspect: [await container.inspect(), await docker.getVolume(copy.volume).inspect()],
      log: logs.toString("utf8"),
      up: up.all,
    };
    expect(processes.some((text) => text.includes("pulumi-resource-registry-kit"))).toBe(true);
    expect(findSecrets(places, secrets)).toEqual([]);
    // Pulumi hands the settings over in a variable (sdk/nodejs/runtime/config.ts); only what they say may be in there.
    const made = secrets.filter((secret) => ![settingsPassword, hash].includes(secret));
    expect(findSecrets(processes, made)).toEqual([]);
  });

  it("keeps the images, and nothing else, when it is taken down; a second up finds them", async () => {
    await using user = await dockerUser();
    const image = `${copy.place}/kept/image:1`;
    const login = () => user.login(copy.place, "gordon", settingsPassword);
    await makeRandomImage(image, 1000);
    expect((await login()).exitCode).toBe(0);
    const push = await user.docker(["push", image]);
    expect(push.exitCode, push.all).toBe(0);
    await user.docker(["image", "rm", image]);

    const down = await copy.run("down");
    expect(down.exitCode, down.all).toBe(0);
    expect(down.stderr).toContain(`Kept: volume ${copy.volume} with all images.`);
    expect(await whatIsLeft(copy)).toEqual({ containers: [], volumes: [copy.volume], trust: [] });
    const status = await copy.run("status");
    expect(status).toMatchObject({ exitCode: 1 });
    expect(status.stderr).toContain('Stack "dev" is not deployed');

    const again = await copy.run("up", ["--no-verify"]);
    expect(again.exitCode, again.all).toBe(0);
    expect((await login()).exitCode).toBe(0);
    const pull = await user.docker(["pull", image]);
    expect(pull.exitCode, pull.all).toBe(0);
  });

  const plainPulumi = engine === "pulumi" ? "" : " (skipped: only the Pulumi CLI has this case)";
  it.skipIf(plainPulumi)(`obeys plain pulumi commands on the same state${plainPulumi}`, async () => {
    const preview = await copy.pulumi(["preview", "--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
    copy.change({ "container.memory": 256 });
    const change = await copy.pulumi(["up", "--yes"]);
    expect(change.exitCode, change.all).toBe(0);
    expect((await docker.getContainer(copy.name).inspect()).HostConfig.Memory).toBe(256 * 1024 * 1024);
    const own = await copy.run("preview", ["--expect-no-changes"]);
    expect(own.exitCode, own.all).toBe(0);
    const destroy = await copy.pulumi(["destroy", "--yes"]);
    expect(destroy.exitCode, destroy.all).toBe(0);
    expect(await whatIsLeft(copy)).toEqual({ containers: [], volumes: [copy.volume], trust: [] });
  });
});

/** Everything that must stay hidden: passwords, hashes, keys, the http.secret and the state's passphrase. */
async function secretsOf(copy: ProjectCopy): Promise<string[]> {
  const { passwords, guarded } = (await copy.outputs()) as { passwords: Record<string, string>; guarded: string[] };
  const hashes = guarded.flatMap((text) => text.match(/\$2[aby]\$\S+/g) ?? []);
  const passphrase = readFileSync(join(copy.folder, ".state", "passphrase"), "utf8").trim();
  return [...Object.values(passwords), ...guarded, ...hashes, passphrase];
}

function isConfiguration(text: string): boolean {
  return text.startsWith("PULUMI_CONFIG={");
}

async function whatIsLeft(copy: ProjectCopy) {
  const labels = { label: [`io.registry-kit.registry=${copy.name}`] };
  const containers = [
    ...(await docker.listContainers({ all: true, filters: { name: [copy.name] } })),
    ...(await docker.listContainers({ all: true, filters: labels })),
  ];
  const { Volumes } = await docker.listVolumes({ filters: { name: [copy.name] } });
  return {
    containers: containers.map(({ Names }) => Names[0]),
    volumes: Volumes.map(({ Name }) => Name),
    trust: copy.trustedFiles(),
  };
}
