import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { poll } from "../support/poll.ts";
import type { CommandResult, RunningCommand } from "../support/project-copy.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { registryImage } from "../support/start-registry.ts";

const docker = dockerClient({});

describeWithEngines("A teardown", (engine) => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine });
    await succeeds("up", ["--no-verify"]);
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  async function succeeds(command: string, args: string[] = []): Promise<CommandResult> {
    const result = await copy.run(command, args);
    expect(result.exitCode, result.all).toBe(0);
    return result;
  }
  /** Stops a teardown where the daemon's trust is gone and the container is not: nodes go first, then the registry. */
  async function interrupt(running: RunningCommand, signal: "SIGINT" | "SIGKILL"): Promise<CommandResult> {
    const isGone = () => (copy.trustedFiles().some((file) => file.endsWith("ca.crt")) ? undefined : true);
    await poll("the trust is gone", isGone, { deadline: 60_000, pause: 2 });
    const container = await docker.getContainer(copy.name).inspect();
    process.kill(-(running.pid ?? 0), signal);
    expect(container.Name).toBe(`/${copy.name}`);
    const result = await running;
    await poll("its processes have ended", () => !isRunning(-(running.pid ?? 0)) || undefined);
    return result;
  }
  async function volumes(): Promise<string[]> {
    return (await docker.listVolumes({ filters: { name: [copy.name] } })).Volumes.map(({ Name }) => Name).toSorted();
  }

  it("that Ctrl-C stopped goes on where it was, says what goes and what stays, and names who runs its images", async () => {
    const image = `${copy.place}/shop:1`;
    await docker.getImage(registryImage).tag({ repo: `${copy.place}/shop`, tag: "1" });
    const shop = await docker.createContainer({ name: `${copy.name}-shop`, Image: image });
    const { exitCode, all } = await interrupt(copy.run("down", [], { detached: true }), "SIGINT");
    await shop.remove();
    expect(exitCode, all).toBe(130);
    expect(all).toContain(`Images of this registry run in container ${copy.name}-shop (${image})`);
    expect(unwrapped(all)).toMatch(
      new RegExp(
        `^Goes: .*/ca.crt.*, container ${copy.name}, network ${copy.name}-network, volume ${copy.name}-files\\.\nEnds: .*generated passwords`,
        "m",
      ),
    );
    await purged("Purged: stack dev, its state");
  });

  it.skipIf(engine === "pulumi")(
    `that was killed in the middle of a purge goes on where it was${engine === "pulumi" ? " (skipped: the Pulumi CLI outlives its launcher)" : ""}`,
    async () => {
      // Of a purge that an up takes back: what it was to delete is not deleted by the next one.
      const record = join(copy.folder, ".state/purging/dev.json");
      mkdirSync(dirname(record), { recursive: true });
      writeFileSync(record, JSON.stringify({ volumes: ["somebody-else's"], docker: {} }));
      await succeeds("up", ["--no-verify"]);
      expect(existsSync(record)).toBe(false);
      const { all } = await interrupt(copy.run("down", ["--purge", "--yes"], { detached: true }), "SIGKILL");
      const lines = `^Goes: .*, volume ${copy.volume} with all images\\.\nEnds: .*the state and its history`;
      expect(unwrapped(all)).toMatch(new RegExp(lines, "m"));
      expect(await volumes()).toContain(copy.volume);
      await purged(`Purged: stack dev, its state, volume ${copy.volume}.`);
      await purged(
        'Stack dev is not deployed: what an earlier "down" may have kept, such as a volume, is no longer known',
      );
    },
  );

  /** What a purge says; it leaves neither volumes nor state, and the settings of a stack that was not derived. */
  async function purged(message: string): Promise<void> {
    const { stderr } = await succeeds("down", ["--purge", "--yes"]);
    expect(stderr).toContain(message);
    expect(await volumes()).toEqual([]);
    expect(copy.settingsText()).toContain(copy.name);
    const { stdout } = await execa("find", [`${copy.folder}/.state`, "-name", "dev*"]);
    expect(stdout).toBe("");
  }
});

/** Whether there is such a process, or one of a group. */
function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

/** Long lines in one piece. */
function unwrapped(text = ""): string {
  return text.replaceAll("\n  ", " ");
}
