import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removeStack } from "../../../engine/stack/remove-stack.ts";
import { TestProject } from "../support/test-project.ts";

const good = { version: 3, checkpoint: { stack: "organization/shop/dev", latest: { manifest: {}, resources: [] } } };
const resource = { urn: "urn:pulumi:dev::shop::t:i:T::a", custom: false, type: "t:i:T" };
const withResources = (...resources: object[]) => ({
  ...good,
  checkpoint: { ...good.checkpoint, latest: { ...good.checkpoint.latest, resources } },
});

const cases: { name: string; text: string; message: string }[] = [
  { name: "is truncated", text: JSON.stringify(good).slice(0, 60), message: "is not whole JSON" },
  { name: "is something else", text: "[]", message: "is not a Pulumi state" },
  { name: "has a newer version", text: JSON.stringify({ ...good, version: 5 }), message: "has version 5" },
  { name: "uses features", text: JSON.stringify({ ...good, features: ["views"] }), message: "uses views" },
  {
    name: "keeps its secrets elsewhere",
    text: JSON.stringify({
      ...good,
      checkpoint: { latest: { manifest: {}, secrets_providers: { type: "cloud" } } },
    }),
    message: 'with "cloud"',
  },
  {
    name: "has a key of its own at the top",
    text: JSON.stringify({ ...good, journal: { entries: [1] } }),
    message: "has journal, which this engine does not know. Use the Pulumi CLI",
  },
  {
    name: "has keys of its own further in",
    text: JSON.stringify({
      version: 3,
      checkpoint: { ...good.checkpoint, view: 1, latest: { ...good.checkpoint.latest, snippets: [{ uuid: "x" }] } },
    }),
    message: "has checkpoint.latest.snippets, checkpoint.view, which",
  },
  { name: "is empty", text: "", message: "is not whole JSON" },
  { name: "holds an empty object", text: "{}", message: "is not a Pulumi state" },
  { name: "holds null", text: "null", message: "is not a Pulumi state" },
  { name: "has no checkpoint", text: '{"version":3}', message: "is not a Pulumi state: checkpoint" },
  {
    name: "has a list where the resources are named",
    text: '{"version":3,"checkpoint":{"latest":{"manifest":{},"resources":{}}}}',
    message: "resources",
  },
  {
    name: "refers to what is not there",
    text: JSON.stringify(withResources({ ...resource, parent: "urn:pulumi:dev::shop::t:i:P::p" })),
    message: "does not stand before it",
  },
  {
    name: "holds a resource twice",
    text: JSON.stringify(withResources(resource, resource)),
    message: "stands in it twice",
  },
];

describe("a state", () => {
  it.each(cases)("that $name is refused and left as it is", async ({ text, message }) => {
    using project = new TestProject();
    mkdirSync(join(project.stateFile, ".."), { recursive: true });
    writeFileSync(project.stateFile, text);
    await expect(project.run("up")).rejects.toThrow(message);
    expect(readFileSync(project.stateFile, "utf8")).toBe(text);
    expect(readdirSync(join(project.stateFile, ".."))).toEqual(["dev.json"]);
  });

  it.each<[string, (key: string) => string]>([
    ["capital first letters", (key) => key[0]?.toUpperCase() + key.slice(1)],
    ["capitals", (key) => key.toUpperCase()],
  ])("of a Pulumi CLI that writes %s is understood at every level, as Go understands it", async (_name, change) => {
    const program = `
      const a = new Thing("a", { value: pulumi.secret("s"), List: [1] }, { customTimeouts: { create: "5m" }, protect: true });
      new Thing("b", { from: a.object });`;
    using project = new TestProject(program);
    await project.run("up");
    const renamed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(renamed);
      if (typeof value !== "object" || value === null) return value;
      // Below these, names are the provider's and the program's own.
      const free = ["inputs", "outputs", "propertyDependencies"];
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [change(key), free.includes(key) ? inner : renamed(inner)]),
      );
    };
    const text = JSON.stringify(renamed(JSON.parse(readFileSync(project.stateFile, "utf8"))));
    expect(text).not.toContain('"latest"');
    writeFileSync(project.stateFile, text);
    const options = { projectDirectory: project.folder, stack: "dev", environment: project.environment };
    await expect(removeStack(options, () => {})).rejects.toThrow("still has 4 resources");
    expect(await project.run("preview", { expectNoChanges: true })).toMatchObject({ exitCode: 0, errors: [] });
    project.program(`new Thing("a", { value: pulumi.secret("s"), List: [1] })`);
    expect(await project.run("up")).toMatchObject({ exitCode: 0, summary: { delete: 1 } });
  });

  it("that is compressed is refused by name", async () => {
    using project = new TestProject();
    mkdirSync(join(project.stateFile, ".."), { recursive: true });
    writeFileSync(`${project.stateFile}.gz`, "");
    await expect(project.run("up")).rejects.toThrow("is compressed");
  });

  it("of another layout is refused", async () => {
    using project = new TestProject();
    mkdirSync(join(project.state, ".pulumi"));
    writeFileSync(join(project.state, ".pulumi", "meta.yaml"), "version: 2\n");
    await expect(project.run("up")).rejects.toThrow("layout version 2");
  });

  it("is not touched where the passphrase is wrong, and nothing is done", async () => {
    using project = new TestProject(`new Thing("a", { value: pulumi.secret("s") })`);
    await project.run("up");
    const before = readFileSync(project.stateFile, "utf8");
    project.clearCalls();
    await expect(project.run("up", { passphrase: "wrong" })).rejects.toThrow("The passphrase is not the one");
    expect(readFileSync(project.stateFile, "utf8")).toBe(before);
    expect(project.calls().filter((call) => /create|update|delete/.test(call))).toEqual([]);
    expect(await project.run("up")).toMatchObject({ exitCode: 0 });
  });

  it("that cannot be written stops the run before anything is done", async () => {
    using project = new TestProject(`new Thing("a", {})`);
    mkdirSync(join(project.state, ".pulumi"));
    writeFileSync(join(project.state, ".pulumi", "stacks"), "a file where the folder should be");
    await expect(project.run("up")).rejects.toThrow(/cannot be written to .*Nothing was done/);
    expect(project.objects()).toEqual([]);
  });

  it("whose journal cannot be written stops what has not begun", async () => {
    using project = new TestProject();
    const journal = `${project.stateFile}.journal`;
    project.program(`
      require("fs").symlinkSync("/dev/full", "${journal}");
      new Thing("a", {});`);
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.errors.join()).toMatch(/The state could not be saved: ENOSPC/);
    expect(project.objects()).toEqual([]);
    expect(await project.program(`new Thing("a", {})`).run("up")).toMatchObject({
      exitCode: 0,
      summary: { create: 1, same: 1 },
    });
  });

  it("that cannot be written at the end is put together by the next run", async () => {
    using project = new TestProject();
    const stacks = join(project.state, ".pulumi", "stacks");
    project.program(`
      const a = new Thing("a", { delay: 100 });
      const away = a.object.apply((object) => require("fs").renameSync("${stacks}", "${stacks}.away") ?? object);
      new Thing("b", { value: away });`);
    const result = await project.run("up");
    expect(result.exitCode).toBe(1);
    expect(result.errors.join()).toContain("The state could not be saved");
    renameSync(`${stacks}.away`, stacks);
    project.program(`const a = new Thing("a", { delay: 100 }); new Thing("b", { value: a.object })`);
    expect(await project.run("up"), "what was saved is good").toMatchObject({ exitCode: 0, summary: { same: 3 } });
    expect(project.objects()).toHaveLength(2);
  });

  it("keeps what was there before the run beside it", async () => {
    using project = new TestProject(`new Thing("a", { value: 1 })`);
    await project.run("up");
    const before = readFileSync(project.stateFile, "utf8");
    project.program(`new Thing("a", { value: 2 }); new Thing("b", {})`);
    await project.run("up");
    expect(readFileSync(`${project.stateFile}.bak`, "utf8")).toBe(before);
  });

  it("is not written by a run that changes nothing, nor by a preview", async () => {
    using project = new TestProject(`new Thing("a", { value: pulumi.secret("s") })`);
    await project.run("preview");
    expect(readdirSync(project.state)).toEqual([]);
    await project.run("up");
    const before = readFileSync(project.stateFile, "utf8");
    await project.run("up");
    await project.run("refresh");
    expect(readFileSync(project.stateFile, "utf8")).toBe(before);
  });
});
