import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { isLong } from "../support/long.ts";
import { startCommand } from "./support/command-line.ts";
import { TestProject } from "./support/test-project.ts";

/** How often a run is killed. */
const rounds = isLong ? 50 : 8;

/** Six resources with updates, a replacement and a delete-before-replace between the two versions. */
const program = (version: number) => `
  const slow = { delay: 15 };
  const a = new Thing("a", { ...slow, value: ${version} });
  const b = new Thing("b", { ...slow, kind: "k${version}", from: a.object });
  const c = new Thing("c", { ...slow, kind: "k${version}", name: "fixed", deleteFirst: true });
  new Thing("d", { ...slow, kind: c.object });
  new Thing("e${version}", { ...slow, value: pulumi.secret("s") });
  new Thing("f", { ...slow }, { dependsOn: [b, c] });
`;
const names = (version: number) => ["a", "b", "d", `e${version}`, "f"];

describe("a run that is killed", { timeout: 600_000 }, () => {
  it("leaves a state from which the next run converges, at random moments: nothing lost, nothing twice", async () => {
    using project = new TestProject();
    let interrupted = 0;
    for (let round = 1; round <= rounds; round++) {
      const version = round % 2;
      const destroy = round % 5 === 0;
      project.program(program(version));
      const command = startCommand(project, [destroy ? "destroy" : "up", "--yes", "--skip-preview"]);
      // The moments lie where steps run: after the program is up, within the first half second of steps.
      if (!destroy)
        await Promise.race([command.printed("a creating"), command.printed("updating"), command.ended]).catch(() => {});
      else await command.printed("deleting").catch(() => {});
      await sleep(Math.random() * 400);
      command.kill("SIGKILL");
      if ((await command.ended).signal === "SIGKILL") interrupted++;
      const result = await project.run("up");
      expect(result.errors, `round ${round}`).toEqual([]);
      const objects = project.objects();
      expect(
        objects.map((name) => name.replace(/-[0-9a-f]{7}$/, "")),
        `round ${round}`,
      ).toEqual([...names(version), "fixed"].sort());
      const recorded = project.resources().filter((state) => state.type === "test:index:Thing");
      expect(recorded.map((state) => state.id).sort(), `round ${round}`).toEqual(objects);
      expect(project.checkpoint().pending_operations).toBeUndefined();
    }
    expect(interrupted, "kills that hit a running command").toBeGreaterThan(rounds / 2);
    await project.run("destroy");
    expect(project.objects()).toEqual([]);
  });

  it("takes up the object that an interrupted create made, with what it should become", async () => {
    using project = new TestProject(`new Thing("a", { delay: 1000, value: pulumi.secret("s") })`);
    const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
    await command.printed("a creating");
    while (project.objects().length === 0) await sleep(10);
    command.kill("SIGKILL");
    await command.ended;
    expect(project.checkpoint().pending_operations).toMatchObject([{ type: "creating" }]);
    const [object] = project.objects();
    const result = await project.run("up");
    expect(result).toMatchObject({ exitCode: 0, summary: { same: 2 } });
    expect(project.objects()).toEqual([object]);
    expect(project.resources().find((state) => state.type === "test:index:Thing")).toMatchObject({ id: object });
  });

  it("forgets what an interrupted delete removed", async () => {
    using project = new TestProject(`new Thing("a", { delay: 700 })`);
    await project.run("up");
    const command = startCommand(project, ["destroy", "--yes", "--skip-preview"]);
    await command.printed("a deleting");
    while (project.objects().length > 0) await sleep(10);
    command.kill("SIGKILL");
    await command.ended;
    expect(project.checkpoint().pending_operations).toMatchObject([{ type: "deleting" }]);
    expect(await project.run("destroy")).toMatchObject({ exitCode: 0, errors: [] });
    expect(project.checkpoint().resources).toBeUndefined();
  });
});

describe("a plugin", { timeout: 60_000 }, () => {
  const plugin = fileURLToPath(new URL("support/provider/pulumi-resource-test", import.meta.url));
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it("ends with an engine that was killed before the plugin could reach it", async () => {
    // The shell stands for the engine: it starts the plugin, tells its pid and is gone.
    const { stdout } = await promisify(execFile)("sh", ["-c", '"$0" 127.0.0.1:1 >/dev/null 2>&1 & echo $!', plugin]);
    await expect.poll(() => isAlive(Number(stdout)), { timeout: 30_000 }).toBe(false);
  });

  it("ends with the engine it worked for", async () => {
    using project = new TestProject(`new Thing("a", { delay: 2000 })`);
    const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
    await command.printed("a creating");
    const { stdout } = await promisify(execFile)("ps", ["--no-headers", "-o", "pid", "--ppid", String(command.pid)]);
    const children = stdout.trim().split(/\s+/).map(Number);
    expect(children.length).toBeGreaterThanOrEqual(2);
    command.kill("SIGKILL");
    await command.ended;
    await expect.poll(() => children.filter(isAlive), { timeout: 30_000 }).toEqual([]);
  });
});

describe("Ctrl-C", { timeout: 60_000 }, () => {
  it("lets running steps finish, saves, begins no other step and exits with 130", async () => {
    using project = new TestProject(`const a = new Thing("a", { delay: 600 }); new Thing("b", { value: a.object })`);
    const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
    await command.printed("a creating");
    command.kill("SIGINT");
    const { code, output } = await command.ended;
    expect(code).toBe(130);
    expect(output).toContain("Ctrl-C again stops at once");
    expect(project.objects()).toHaveLength(1);
    expect(project.checkpoint().pending_operations).toBeUndefined();
    expect(project.resources().map((state) => state.type)).toContain("test:index:Thing");
  });

  it("twice stops at once, and the lock is released", async () => {
    using project = new TestProject(`new Thing("a", { behave: "hang" })`);
    const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
    await command.printed("a creating");
    command.kill("SIGINT");
    await command.printed("Ctrl-C again");
    command.kill("SIGINT");
    expect((await command.ended).code).toBe(130);
    project.program("");
    expect(await project.run("up")).toMatchObject({ exitCode: 0 });
  });
});

describe("two runs at once", { timeout: 60_000 }, () => {
  it("refuses the second and says who holds the lock; a dead holder's lock is taken over", async () => {
    using project = new TestProject(`new Thing("a", { delay: 1000 })`);
    const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
    await command.printed("a creating");
    await expect(project.run("up")).rejects.toThrow(new RegExp(`locked by another run.*pid ${command.pid}`, "s"));
    command.kill("SIGKILL");
    await command.ended;
    expect(await project.run("up")).toMatchObject({ exitCode: 0 });
  });

  it("does not block the stack where it names a provider that is in the state no more, as the Pulumi CLI leaves it", async () => {
    using project = new TestProject(`new Thing("a", { name: "fixed" }); new Thing("b", {})`);
    await project.run("up");
    const state = JSON.parse(readFileSync(project.stateFile, "utf8"));
    const { latest } = state.checkpoint;
    const [a] = latest.resources.filter(({ urn }: { urn: string }) => urn.endsWith("::a"));
    latest.resources = latest.resources.filter((resource: { urn: string }) => resource !== a);
    const { id: _, outputs: __, created: ___, ...pending } = { ...a, provider: `${a.provider}-of-another-run` };
    latest.pending_operations = [{ resource: pending, type: "creating" }];
    writeFileSync(project.stateFile, JSON.stringify(state));
    for (const kind of ["preview", "refresh"] as const)
      expect(await project.run(kind), kind).toMatchObject({ exitCode: 0, errors: [] });
    expect(project.checkpoint().pending_operations).toBeUndefined();
    expect(await project.run("destroy")).toMatchObject({ exitCode: 0 });
    expect(project.objects(), "what nobody could be asked about stays").toEqual(["fixed"]);
  });
});
