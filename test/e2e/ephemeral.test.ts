import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { curl } from "../support/curl.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import type { CommandResult } from "../support/project-copy.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { randomName } from "../support/random-name.ts";

const docker = dockerClient({});

describeWithDocker("Throw-away stacks", () => {
  let copy: ProjectCopy;
  let stacks: string[];
  const bystander = randomName("bystander");

  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine: "builtin" });
    stacks = [1, 2, 3, 4, 5].map((number) => `pr-${copy.name.slice(-6)}-${number}`);
    // A foreign one, old, of another name.
    await docker.createVolume({ Name: bystander, Labels: labels("pr-of-somebody-else", bystander) });
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    await docker.getVolume(bystander).remove({ force: true });
  });

  function labels(stack: string, name: string): Record<string, string> {
    const created = "2026-01-01T00:00:00.000Z";
    return { "io.registry-kit.stack": stack, "io.registry-kit.registry": name, "io.registry-kit.ephemeral": created };
  }
  async function succeeds(command: string, args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
    const result = await copy.run(command, args, { env });
    expect(result.exitCode, result.all).toBe(0);
    return result;
  }
  function settingsOf(stack: string): Record<string, unknown> {
    const { config } = parse(readFileSync(fileOf(stack), "utf8")) as { config: Record<string, unknown> };
    return config;
  }
  function fileOf(stack: string): string {
    return join(copy.folder, "stacks", `Pulumi.${stack}.yaml`);
  }
  /** Whatever there is of these stacks, on the engine and on disk. */
  async function traces(of: string[]): Promise<string[]> {
    const isOne = (name = "") => of.some((stack) => name.includes(stack));
    const { Volumes } = await docker.listVolumes();
    const state = join(copy.folder, ".state");
    return [
      ...(await docker.listContainers({ all: true })).map(({ Names }) => Names[0]),
      ...Volumes.map(({ Name }) => Name),
      ...(await docker.listNetworks()).map(({ Name }) => Name),
      ...readdirSync(join(copy.folder, "stacks")),
      ...(existsSync(state) ? readdirSync(state, { recursive: true, encoding: "utf8" }) : []),
    ].filter((name) => isOne(name)) as string[];
  }

  it("come up side by side, five at once, with names, ports and volumes of their own", async () => {
    const ups = await Promise.all(
      stacks.map((stack) => copy.run("up", ["--stack", stack, "--from", "dev", "--no-verify"])),
    );
    for (const { exitCode, all } of ups) expect(exitCode, all).toBe(0);
    const settings = stacks.map(settingsOf);
    expect(new Set(settings.map((config) => config["registry-kit:port"])).size).toBe(5);
    expect(new Set(settings.map((config) => config["registry-kit:name"])).size).toBe(5);
    for (const config of settings) {
      const answer = await curl(`https://127.0.0.1:${config["registry-kit:port"]}/v2/`, { insecure: true });
      expect(answer.status).toBe(401);
      expect(config["registry-kit:storage"]).toEqual({
        volume: { name: `${config["registry-kit:name"]}-data`, keep: false },
      });
    }
    expect(copy.trustedFiles().filter((file) => file.endsWith("ca.crt"))).toHaveLength(10);
  });

  it("stay what they are at a second up, and can't be taken for foreign ones", async () => {
    const [stack = ""] = stacks;
    const before = readFileSync(fileOf(stack), "utf8");
    const again = await succeeds("up", ["--stack", stack, "--from", "dev", "--no-verify"]);
    expect(again.stdout).toMatch(/^13 unchanged \(/m);
    expect(readFileSync(fileOf(stack), "utf8")).toBe(before);
    const own = await copy.run("up", ["--stack", "dev", "--from", stack]);
    expect(own).toMatchObject({ exitCode: 1 });
    expect(own.stderr).toContain('Stack "dev" is not a throw-away stack (stacks/Pulumi.dev.yaml)');
  });

  it("are gone after down --purge, which asks first, also from a clone that has no settings file of them", async () => {
    const [first = "", second = ""] = stacks;
    const asked = await copy.run("down", ["--stack", first, "--purge"]);
    expect(asked).toMatchObject({ exitCode: 1 });
    expect(asked.stderr).toContain("you must confirm it, and there is no terminal to ask on.");
    expect(asked.stderr).toContain("To confirm in advance, add --yes.");
    rmSync(fileOf(second));
    const downs = await Promise.all(
      [first, second].map((stack) => copy.run("down", ["--stack", stack, "--purge", "--yes"])),
    );
    for (const { exitCode, all } of downs) expect(exitCode, all).toBe(0);
    expect(downs[0]?.stderr).toContain(`Purged: stack ${first}, its state, its settings.`);
    expect(await traces([first, second])).toEqual([]);
    expect(copy.trustedFiles().filter((file) => file.endsWith("ca.crt"))).toHaveLength(6);
  });

  it("are reaped when they are old enough, with or without their state, and nobody else's with them", async () => {
    const [, , third = "", fourth = "", fifth = ""] = stacks;
    const match = ["--match", `${third.slice(0, -1)}*`];
    const young = await succeeds("reap", ["--older-than", "1h", ...match]);
    expect(young.stderr).toContain("Nothing to reap.");
    const dry = await succeeds("reap", ["--older-than", "0m", "--dry-run", "--json", ...match]);
    const found = JSON.parse(dry.stdout) as { stack: string; removed: boolean }[];
    expect(found.map(({ stack, removed }) => [stack, removed]).toSorted()).toEqual(
      [third, fourth, fifth].map((stack) => [stack, false]),
    );
    // What a clone that is gone leaves: objects, and nothing that knows of them.
    rmSync(join(copy.folder, ".state/pulumi/.pulumi/stacks/registry-kit", `${fourth}.json`));
    rmSync(fileOf(fourth));
    const name = settingsOf(fifth)["registry-kit:name"];
    await docker.getContainer(String(name)).remove({ force: true });
    await succeeds("reap", ["--older-than", "0m", ...match]);
    expect(await traces(stacks)).toEqual([]);
    expect(copy.trustedFiles()).toEqual([]);
    expect((await docker.getVolume(bystander).inspect()).Name).toBe(bystander);
  });
});
