import { copyFileSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { occupy } from "../support/occupy-port.ts";
import { poll } from "../support/poll.ts";
import type { CommandResult, RunningCommand } from "../support/project-copy.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { registryImage } from "../support/start-registry.ts";

const docker = dockerClient({});

/** The part of a state file that says where an `up` ended. */
interface Checkpoint {
  checkpoint: { latest: { resources: object[]; pending_operations?: object[] } };
}

describeWithEngines("After a fault", (engine) => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  async function succeeds(command: string, args: string[] = []): Promise<CommandResult> {
    const result = await copy.run(command, args);
    expect(result.exitCode, result.all).toBe(0);
    return result;
  }
  /** The registry is there once, proven, and there is nothing left to do. */
  async function converges(): Promise<void> {
    expect((await succeeds("up")).stdout).toMatch(/^Proof: \d+ passed, 0 failed, 0 skipped$/m);
    const all = await docker.listContainers({ all: true, filters: { name: [copy.name] } });
    expect(all.map(({ Names, State }) => [Names, State])).toEqual([[[`/${copy.name}`], "running"]]);
    const helpers = { label: [`io.registry-kit.helper-for-volume=${copy.name}-files`] };
    expect(await docker.listContainers({ all: true, filters: helpers })).toEqual([]);
    await succeeds("preview", ["--expect-no-changes"]);
  }
  /** Waits until an `up` is in the middle: the first Docker object is there, the container is not. */
  async function underWay(running: RunningCommand): Promise<{ running: RunningCommand }> {
    const volume = docker.getVolume(`${copy.name}-files`);
    await poll("up makes the first volume", () => volume.inspect(), { deadline: 90_000, pause: 5 });
    return { running };
  }

  it("an up that Ctrl-C stopped in the middle ends well, and the next one converges", async () => {
    const { running } = await underWay(copy.run("up", ["--no-verify"], { detached: true }));
    process.kill(-(running.pid ?? 0), "SIGINT");
    const { exitCode, all } = await running;
    expect(exitCode, all).toBe(130);
    expect(all).not.toMatch(/^\s+at .*\.ts|; terminating|interrupted\)/m);
    // Every step that had begun was finished and saved.
    const { latest } = (JSON.parse(readFileSync(copy.stateFile, "utf8")) as Checkpoint).checkpoint;
    expect(latest.pending_operations ?? []).toEqual([]);
    expect(latest.resources.length).toBeGreaterThan(3);
    await converges();
  });

  it("a change that cannot start is refused at preview and at up, and the registry runs on", async () => {
    const { Id } = await docker.getContainer(copy.name).inspect();
    const before = copy.settingsText();
    const bindMount = { path: "/srv/registry-kit-typing-error" };
    copy.change({ storage: { bindMount }, "container.user": "10001:10001" });
    const preview = await copy.run("preview");
    const up = await copy.run("up");
    copy.restore(before);
    copy.change({ registry: { debug: { port: 5001 } }, "container.memory": 3 });
    const memory = await copy.run("up");
    copy.restore(before);
    for (const { exitCode, all } of [preview, up]) {
      expect(exitCode, all).toBe(1);
      expect(all).toContain(`container ${copy.name} runs on as it is, because the new one would not start: `);
      expect(all).toContain("bind source path does not exist: /srv/registry-kit-typing-error");
    }
    expect(memory.all).toMatch(/memory/i);
    expect(await docker.getContainer(copy.name).inspect()).toMatchObject({ Id, State: { Running: true } });
    await succeeds("preview", ["--expect-no-changes"]);
  });

  it("a container that somebody removed is made again", async () => {
    await docker.getContainer(copy.name).remove({ force: true });
    expect(await copy.run("status")).toMatchObject({ exitCode: 1 });
    await converges();
  });

  it("a container that somebody stopped is started again", async () => {
    await docker.getContainer(copy.name).stop();
    await converges();
  });

  it("a restart loop is shown with its reason, and ends with its cause", async () => {
    const broken = await docker.createContainer({
      Image: registryImage,
      Entrypoint: ["sh", "-c", "echo 'version: [' > /files/config.yml"],
      HostConfig: { Binds: [`${copy.name}-files:/files`], AutoRemove: true },
    });
    await broken.start();
    await broken.wait();
    await docker.getContainer(copy.name).restart();
    const { exitCode, all } = await copy.run("verify");
    expect(exitCode).toBe(1);
    expect(all).toMatch(/its container was restarted \d+ times \(code 1\), and its log says: .*yaml/);
    await succeeds("refresh");
    await converges();
  });

  it("a lost volume with the images is an error until there is an empty one", async () => {
    await docker.getContainer(copy.name).remove({ force: true });
    for (const volume of [copy.volume, `${copy.name}-files`]) await docker.getVolume(volume).remove();
    // Nobody previews, and the refresh forgets the volume.
    const up = ["up", "--yes", "--skip-preview", "--refresh"];
    const unseen = await (engine === "pulumi" ? copy.pulumi(up) : copy.direct(up));
    expect(unseen.exitCode, unseen.all).not.toBe(0);
    expect(unseen.all).toContain(`volume ${copy.volume}, which held the images, is gone. Restore it from a backup.`);
    await expect(docker.getVolume(copy.volume).inspect()).rejects.toThrow("no such volume");
    for (let round = 0; round < 2; round++) {
      const { exitCode, all } = await copy.run("up");
      expect(exitCode).toBe(1);
      expect(all).toContain(`volume ${copy.volume}, which held the images, is gone. Restore it from a backup.`);
    }
    await docker.createVolume({ Name: copy.volume });
    await converges();
  });

  it("a volume of files that somebody removed is made and filled again after a refresh", async () => {
    await docker.getContainer(copy.name).remove({ force: true });
    await docker.getVolume(`${copy.name}-files`).remove();
    await succeeds("refresh");
    await converges();
  });

  it("a port that was taken between preview and up is an error that names it; once it is free, up converges", async () => {
    await succeeds("down");
    const { running } = await underWay(copy.run("up", ["--no-verify"], { detached: true }));
    const other = await occupy(copy.port);
    const { exitCode, all } = await running;
    await other[Symbol.asyncDispose]();
    expect(exitCode).toBe(1);
    expect(all).toMatch(new RegExp(`${copy.port}.*address already in use`));
    await converges();
  });

  it("an up that was killed leaves what the next one, after what it asks for, puts right", async () => {
    await succeeds("down");
    // Through the launcher the CLI has a process group of its own, and outlives it.
    const up =
      engine === "pulumi" ? copy.pulumi(["up", "--yes"], { detached: true }) : copy.run("up", [], { detached: true });
    const { running } = await underWay(up);
    process.kill(-(running.pid ?? 0), "SIGKILL");
    await running;
    if (engine === "pulumi") {
      // The CLI does not write its state atomically: killed in the middle of that, it leaves an empty file beside the last good one.
      if (statSync(copy.stateFile).size === 0) copyFileSync(`${copy.stateFile}.bak`, copy.stateFile);
      // The CLI's own lock: it says so, and what to type.
      const locked = await copy.run("up", ["--no-verify"]);
      expect(locked.exitCode).not.toBe(0);
      expect(locked.all).toContain("pulumi cancel");
      const cancel = await copy.pulumi(["cancel", "--yes"]);
      expect(cancel.exitCode, cancel.all).toBe(0);
    }
    await converges();
  });
});
