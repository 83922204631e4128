import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { startCommand } from "../support/command-line.ts";
import { TestProject } from "../support/test-project.ts";
import { writeTestPack } from "./test-pack.ts";

const policyPacks = [{ path: "pack" }];
const program = `
  const group = new Group("group");
  const base = new Thing("base", { value: pulumi.secret("s3cret") }, { parent: group, protect: true });
  new Thing("next", { from: base.object, value: "fine" }, { parent: group });
  module.exports = { from: base.object };
`;

function violations(result: {
  policies: { violations: { policy: string; level: string; urn: string }[] }[];
}): string[] {
  return result.policies.flatMap((pack) =>
    pack.violations.map(({ policy, level, urn }) => `${level} ${policy} ${urn.split("::").at(-1)}`),
  );
}

describe("policy packs", { timeout: 120_000 }, () => {
  it("are asked about every resource before its step, and about the stack with what it came to be", async () => {
    using project = new TestProject(program);
    const pack = writeTestPack(project);
    const result = await project.run("preview", { policyPacks });
    expect(result).toMatchObject({ exitCode: 0, errors: [], policies: [{ name: "test-pack", version: "0.0.7" }] });
    expect(violations(result)).toEqual(["advisory few-things base"]);
    const find = (about: string, name: string) =>
      pack.questions().find((asked) => asked.about === about && asked.name === name);
    expect(find("resource", "base")).toMatchObject({
      type: "test:index:Thing",
      props: { value: "s3cret", name: expect.stringMatching(/^base-/) },
      parent: "group",
      protect: true,
      provider: "pulumi:providers:test",
    });
    expect(find("resource", "next")).toMatchObject({ props: { from: "unknown", value: "fine" }, protect: false });
    expect(find("stack", "base")).toMatchObject({ props: { value: "s3cret", object: "unknown" }, parent: "group" });
    expect(find("stack", "next")?.sources).toEqual({ from: ["base"] });
    expect(find("stack", "shop-dev")?.props).toEqual({ from: "unknown" });
    await project.run("up", { policyPacks });
    const after = pack.questions().findLast(({ about, name }) => about === "stack" && name === "next");
    expect(after?.props).toMatchObject({ from: expect.stringMatching(/^object of base-/), object: expect.any(String) });
  });

  it("stop in an update the resource that breaks a mandatory policy, and delete nothing", async () => {
    using project = new TestProject(`new Thing("old", {})`);
    writeTestPack(project);
    await project.run("up");
    project.program(`new Thing("wrong", { value: "bad" }); new Thing("right", {});`);
    const result = await project.run("up", { policyPacks });
    expect(result.exitCode).toBe(1);
    expect(result.errors.join("\n")).toMatch(/wrong: policy no-bad-value: Values must be good\.\nIt is bad\./);
    expect(project.objects().map((name) => name.split("-")[0])).toEqual(["old", "right"]);
  });

  it("stop `up` before anything is touched, also where only the whole stack is wrong", async () => {
    using project = new TestProject(`for (const name of ["a", "b", "c"]) new Thing(name, {});`);
    writeTestPack(project);
    const command = await startCommand(project, ["up", "--yes", "--policy-pack", "pack"]).ended;
    expect(command.code).toBe(1);
    expect(project.objects()).toEqual([]);
    expect(command.output).toMatch(
      /❌ test-pack@v0\.0\.7 \(local: pack\)\n +- \[mandatory\] {2}no-crowd {2}\(pulumi:pulumi:Stack: shop-dev\)\n +No crowd\.\n +There are too many\.\n +- \[advisory\] {2}few-things/,
    );
    expect(command.output.split("Mandatory policies are violated: no-crowd.")).toHaveLength(2);
  });

  it("run at the levels and with the settings that a file gives them", async () => {
    using project = new TestProject(`for (const name of ["a", "b", "c"]) new Thing(name, { value: "bad" });`);
    writeTestPack(project);
    const configured = (config: unknown) => {
      writeFileSync(join(project.folder, "levels.json"), JSON.stringify(config));
      return project.run("preview", { policyPacks: [{ path: "pack", config: "levels.json" }] });
    };
    const eased = await configured({ all: "advisory", "few-things": "disabled", "no-bad-value": { word: "worse" } });
    expect([eased.exitCode, ...violations(eased)]).toEqual([0, "advisory no-crowd shop-dev"]);
    const wrong = await configured({ "no-such": "advisory" });
    expect(wrong.errors.join()).toMatch(/the pack has no policy "no-such"\. It has .*few-things/);
    const level = await configured({ "few-things": "loud" });
    expect(level.errors.join()).toMatch(/few-things.*: must be "advisory", "mandatory" or "disabled"/);
    expect(project.objects()).toEqual([]);
  });

  it.each([
    ["throws", "thrower", /policy pack pack: Error validating resource with policy 'trouble'.*rule is broken/s],
    ["ends", "killer", /policy pack pack: the plugin process ended with exit code 3/],
  ])("that %s fails the run: nothing is made", async (_how, name, message) => {
    using project = new TestProject(`new Thing("${name}", {});`);
    writeTestPack(project);
    const result = await project.run("up", { policyPacks });
    expect(result.exitCode).toBe(1);
    expect(result.errors.join("\n")).toMatch(message);
    expect(project.objects()).toEqual([]);
  });

  it("that is not one is told", async () => {
    using project = new TestProject(`new Thing("a", {});`);
    writeTestPack(project);
    writeFileSync(join(project.folder, "pack", "PulumiPolicy.yaml"), "runtime: python\n");
    expect((await project.run("up", { policyPacks })).errors.join()).toMatch(
      /runtime is "python"; this engine runs packs/,
    );
    rmSync(join(project.folder, "pack", "PulumiPolicy.yaml"));
    expect((await project.run("up", { policyPacks })).errors.join()).toMatch(
      /no policy pack in .*pack: it has no PulumiPolicy/,
    );
    expect(project.objects()).toEqual([]);
  });

  const hasCli = findProgram("pulumi") !== undefined;
  it.skipIf(!hasCli)(`are asked what the CLI asks${hasCli ? "" : " (skipped: pulumi is not on PATH)"}`, async () => {
    using project = new TestProject(program);
    const pack = writeTestPack(project);
    await project.run("up", { policyPacks });
    const asked = () =>
      pack
        .questions()
        .filter(({ type }) => !type.startsWith("pulumi:providers:"))
        .map((question) => JSON.stringify(question))
        .toSorted();
    writeFileSync(process.env.TEST_QUESTIONS ?? "", "");
    await project.run("preview", { policyPacks });
    const own = asked();
    writeFileSync(process.env.TEST_QUESTIONS ?? "", "");
    const options = ["--policy-pack", "pack", "--stack", project.stack, "--non-interactive"];
    execFileSync("pulumi", ["preview", ...options], { cwd: project.folder, env: project.environment, stdio: "pipe" });
    expect(own).toEqual(asked());
    expect(own.length).toBeGreaterThan(4);
  });
});
