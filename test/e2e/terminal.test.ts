import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import type { TerminalRun } from "../support/on-terminal.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const docker = dockerClient({});

describeWithDocker("On a terminal of 80 columns", () => {
  let copy: ProjectCopy;
  beforeAll(async () => {
    copy = await ProjectCopy.make({ engine: "builtin" });
  });
  afterAll(() => copy?.[Symbol.asyncDispose]());

  const runs = () => docker.getContainer(copy.name).inspect();
  const text = ({ rows }: TerminalRun) => rows.join("\n");

  it.each([[[]], [["--quiet"]]])("up %j shows what it would do and asks; no touches nothing", async (options) => {
    const run = await copy.onTerminal("up", options, [[/Do this\? \(yes\/no\) $/, "no"]]);
    expect(text(run)).toContain("Stack dev: 13 to create");
    expect(text(run)).toContain("Nothing was changed.");
    expect(run.exitCode).toBe(1);
    await expect(runs()).rejects.toThrow("no such container");
  });

  it("a first up takes 40 lines at most, and shows neither certificates nor what is guarded", async () => {
    const run = await copy.onTerminal("up", [], [[/Do this\? \(yes\/no\) $/, "yes"]]);
    expect(run.exitCode, text(run)).toBe(0);
    expect(text(run)).toMatch(/^13 created \(\d/m);
    expect(text(run)).toMatch(/^Proof: 19 passed, 0 failed, 0 skipped$/m);
    expect(text(run)).toContain(`Registry: https://${copy.place}, users: moby`);
    expect(text(run)).not.toMatch(/BEGIN CERTIFICATE|guarded|caCertificate/);
    expect(run.rows.length).toBeLessThanOrEqual(40);
  });

  it("one that changes nothing asks nothing, and takes 10 lines at most", async () => {
    const run = await copy.onTerminal("up", []);
    expect(run.exitCode, text(run)).toBe(0);
    expect(text(run)).toMatch(/^13 unchanged \(\d/m);
    expect(run.rows.length).toBeLessThanOrEqual(10);
  });

  it("--quiet says nothing, --verbose each step and each thing that was found", async () => {
    const quiet = await copy.run("up", ["--quiet"]);
    expect([quiet.all, quiet.exitCode]).toEqual(["", 0]);
    const { all } = await copy.run("up", ["--verbose", "--no-verify"]);
    expect(all).toContain("Engine: built-in (--engine builtin)");
    expect(all).toContain("State: file://");
    expect(all).not.toMatch(/BEGIN CERTIFICATE|guarded/);
  });

  it("a change says what clients notice before it asks", async () => {
    copy.change({ "container.labels": { team: "registry" } });
    const run = await copy.onTerminal("up", [], [[/Do this\? \(yes\/no\) $/, "no"]]);
    expect(text(run)).toMatch(/replace registry \(labels\): clients: gap/);
    expect(text(run)).toContain("Running clients notice a gap while a new container or task starts.");
    copy.change({ "container.labels": undefined });
  });

  it("rotate -- authority says what ends and asks; without a terminal it needs --yes", async () => {
    const before = copy.settingsText();
    const run = await copy.onTerminal("rotate", ["authority"], [[/\(yes\/no\) $/, "no"]]);
    expect(text(run)).toMatch(/ends the trust of every machine/);
    const { exitCode, all } = await copy.run("rotate", ["authority"]);
    expect(all).toContain("there is no terminal to ask on");
    expect(all).toContain("To confirm in advance, add --yes.");
    expect([run.exitCode, exitCode, copy.settingsText()]).toEqual([1, 1, before]);
  });

  it("verify whose reader has gone ends quietly, and leaves no image behind", async () => {
    const images = async () => (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    const run = await copy.onTerminal("verify", ["--help"]);
    expect(run.exitCode).toBe(0);
    const { all } = await copy.run("verify", [], { reader: "head -2" });
    expect(all?.split("\n")).toHaveLength(2);
    expect(all).not.toMatch(/Error|at .*:\d+/);
    expect((await images()).filter((tag) => tag.startsWith(copy.place))).toEqual([]);
  });

  it("down says what ends and asks; no leaves all of it, yes takes it", async () => {
    const no = await copy.onTerminal("down", [], [[/Take stack "dev" down\? \(yes\/no\) $/, "no"]]);
    expect(text(no)).toMatch(/^Ends: the keys of this stack[\s\S]*passwords: the next up makes/m);
    expect((await runs()).State.Running).toBe(true);
    const yes = await copy.onTerminal("down", [], [[/\(yes\/no\) $/, "y"]]);
    expect(yes.exitCode, text(yes)).toBe(0);
    expect(text(yes)).toContain(`Kept: volume ${copy.volume} with all images.`);
    await expect(runs()).rejects.toThrow("no such container");
  });

  it("set-password asks twice without showing what is typed; two that differ change nothing", async () => {
    const before = copy.settingsText();
    const typed = (first: string, second: string) =>
      copy.onTerminal(
        "set-password",
        ["gordon"],
        [
          [/^Password of "gordon": $/, first],
          [/^Once more: $/, second],
        ],
      );
    const differ = await typed("correct horse", "correct hose");
    expect(text(differ)).toContain("Nothing was changed: the two are not the same.");
    expect([differ.exitCode, copy.settingsText()]).toEqual([1, before]);
    // Corrected while it is typed.
    const same = await typed("wrong\u0015correct horsd\u007fe", "correct horse");
    expect(same.exitCode, text(same)).toBe(0);
    expect(text(same)).not.toMatch(/correct|horse|wrong/);
    expect(copy.settingsText()).toMatch(/gordon:\n\s+password:\n\s+secure: v1:/);
    const end = await copy.onTerminal("set-password", ["robot"], [[/^Password of "robot": $/, "\u0003"]]);
    expect([end.exitCode, text(end)]).toEqual([1, expect.stringContaining("Nothing was changed.")]);
  });

  it("init asks for hosts, port and kind, and writes nothing after a wrong answer", async () => {
    const questions = [/do clients reach it\?/, /On which port\?/, /As a container, or as a service/];
    const answered = (...answers: string[]) =>
      copy.onTerminal(
        "init",
        ["web"],
        answers.map((answer, index) => [questions[index] ?? /never/, answer]),
      );
    const file = join(copy.folder, "stacks", "Pulumi.web.yaml");
    for (const [answers, said] of [
      [["https://registry.test", "5000", ""], 'Nothing was written: host "https://registry.test"'],
      [["registry.test", "port", ""], "the port must be a whole number from 1 to 65535"],
      [["registry.test", "5000", "pod"], '"pod" is neither container nor service.'],
      [["\u0004"], "Nothing was written."],
    ] as const) {
      const wrong = await answered(...answers);
      expect(text(wrong)).toContain(said);
      expect([wrong.exitCode, existsSync(file)]).toEqual([1, false]);
    }
    const right = await answered("registry.test, 10.1.2.3", "5443", "service");
    expect(right.exitCode, text(right)).toBe(0);
    expect(text(right)).toContain("Written: stacks/Pulumi.web.yaml.");
    const { config } = parse(readFileSync(file, "utf8"));
    expect(config).toMatchObject({
      "registry-kit:hosts": ["registry.test", "10.1.2.3"],
      "registry-kit:port": 5443,
      "registry-kit:service": expect.anything(),
    });
    rmSync(file);
    // Enter alone: this machine, the first free port, a container; so it is without a terminal.
    const here = { "registry-kit:hosts": ["127.0.0.1", "localhost"] };
    const enter = await answered("", "", "");
    expect(text(enter)).toMatch(/On which port\? \(Enter: 5\d\d\d\)/);
    expect(parse(readFileSync(file, "utf8")).config).toMatchObject(here);
    rmSync(file);
    const { exitCode, all } = await copy.run("init", ["web"]);
    expect(exitCode, all).toBe(0);
    expect(parse(readFileSync(file, "utf8")).config).toMatchObject(here);
  });
});
