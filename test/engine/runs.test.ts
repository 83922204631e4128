import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readOutputs } from "../../engine/stack/read-outputs.ts";
import { removeStack } from "../../engine/stack/remove-stack.ts";
import { steps, TestProject } from "./support/test-project.ts";

describe("a preview", { timeout: 60_000 }, () => {
  it("calls no provider to change anything and shows what is not known yet as such", async () => {
    using project = new TestProject(`const a = new Thing("a", { value: 1 }); new Thing("b", { from: a.object })`);
    const result = await project.run("preview");
    expect(steps(result)).toEqual(["create a", "create b"]);
    expect(project.calls().filter((call) => /^(create|update|delete)/.test(call))).toEqual([]);
    expect(project.objects()).toEqual([]);
  });

  it("names the changed properties", async () => {
    using project = new TestProject(`new Thing("a", { value: 1, kept: 1 })`);
    await project.run("up");
    project.program(`new Thing("a", { value: 2, kept: 1 })`);
    const result = await project.run("preview");
    expect(result.steps.find((step) => step.operation === "update")).toMatchObject({ changed: ["value"] });
    expect(await project.run("preview", { expectNoChanges: true })).toMatchObject({
      exitCode: 1,
      errors: ["no changes were expected but changes were proposed"],
    });
  });

  it("of a destroy deletes nothing", async () => {
    using project = new TestProject(`new Thing("a", {})`);
    await project.run("up");
    expect(steps(await project.run("destroy", { preview: true }))).toEqual(["delete a"]);
    expect(project.objects()).toHaveLength(1);
  });
});

describe("a program in a folder of its own", { timeout: 60_000 }, () => {
  it("runs there, with the options for Node that the project has", async () => {
    using project = new TestProject();
    const file = join(project.folder, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    mkdirSync(join(project.folder, "code"));
    writeFileSync(
      file,
      text
        .replace("main: index.js", "main: code/main.cjs")
        .replace("typescript: false", "typescript: false, nodeargs: --require ./before.cjs"),
    );
    writeFileSync(join(project.folder, "code", "before.cjs"), "globalThis.before = true;");
    writeFileSync(
      join(project.folder, "code", "main.cjs"),
      `exports.before = globalThis.before; exports.folder = require("node:path").basename(process.cwd());`,
    );
    expect((await project.run("preview")).outputs).toEqual({ before: true, folder: "code" });
  });
});

describe("the settings file of a stack", { timeout: 60_000 }, () => {
  it("is left alone by an up where it holds no secrets, and found again with the state's salt", async () => {
    using project = new TestProject(`new Thing("a", { value: pulumi.secret("s") })`);
    await project.run("up");
    expect(existsSync(join(project.folder, "Pulumi.dev.yaml"))).toBe(false);
    expect(await project.run("up", { expectNoChanges: true })).toMatchObject({ exitCode: 0 });
  });
});

describe("the removal of a stack", { timeout: 60_000 }, () => {
  it("is refused while there are resources, then forgets state, copies and history, of this stack only", async () => {
    using project = new TestProject(`new Thing("a", {})`);
    const { folder: projectDirectory, environment, stateFile } = project;
    const remove = (stack: string) => removeStack({ projectDirectory, stack, environment }, () => {});
    await project.run("up");
    project.stack = "other";
    await project.run("up");
    await expect(remove("dev")).rejects.toThrow('The stack "dev" still has 3 resources: destroy it first.');
    project.stack = "dev";
    await project.run("destroy");
    const history = join(project.state, ".pulumi", "history", "shop", "dev");
    mkdirSync(history, { recursive: true });
    await remove("dev");
    expect(readdirSync(dirname(stateFile))).toEqual(["other.json"]);
    expect(existsSync(history)).toBe(false);
    await remove("dev");
  });
});

describe("secrets", { timeout: 60_000 }, () => {
  it("never stand in the state in plain text, and are shown only where they are asked for", async () => {
    using project = new TestProject(`
      const a = new Thing("a", { value: pulumi.secret("hush-hush"), open: "x" }, { additionalSecretOutputs: ["object"] });
      module.exports = { hidden: a.object, nested: { inner: pulumi.secret("hush-hush") }, open: a.name };`);
    const result = await project.run("up");
    expect(result.outputs).toMatchObject({ hidden: "[secret]" });
    const text = readFileSync(project.stateFile, "utf8");
    expect(text).not.toContain("hush-hush");
    expect(text).not.toContain("object of a-");
    const read = (showSecrets: boolean) =>
      readOutputs({ projectDirectory: project.folder, stack: "dev", environment: project.environment, showSecrets });
    expect(JSON.stringify(await read(false))).not.toContain("hush-hush");
    expect(await read(true)).toMatchObject({ nested: { inner: "hush-hush" } });
  });
});

describe("a refresh", { timeout: 60_000 }, () => {
  it("records drift and what is gone, and changes nothing real", async () => {
    using project = new TestProject(
      `new Thing("a", { value: 1 }); const b = new Thing("b", {}); new Thing("c", { value: b.object })`,
    );
    await project.run("up");
    const file = (name: string) =>
      join(project.world, `${project.objects().find((object) => object.startsWith(name))}.json`);
    writeFileSync(file("a"), JSON.stringify({ ...JSON.parse(readFileSync(file("a"), "utf8")), value: 9 }));
    rmSync(file("b"));
    expect(steps(await project.run("refresh", { preview: true }))).toEqual(["delete b", "update a"]);
    const result = await project.run("refresh");
    expect(result.errors).toEqual([]);
    expect(steps(result)).toEqual(["delete b", "update a"]);
    expect(project.resources().find((state) => String(state.urn).endsWith("::a"))).toMatchObject({
      inputs: { value: 9 },
    });
    expect(steps(await project.run("up")), "up repairs it").toEqual(["create b", "update a", "update c"]);
    expect(await project.run("refresh", { expectNoChanges: true })).toMatchObject({ exitCode: 0 });
  });
});

describe("programs", { timeout: 60_000 }, () => {
  it("get the stack's configuration, read objects of others and call functions", async () => {
    using project = new TestProject("", "config: {greeting: {default: hello}}");
    writeFileSync(join(project.world, "theirs.json"), JSON.stringify({ value: "v" }));
    project.program(`
      const theirs = Thing.get ? undefined : new Thing("theirs", {}, { id: "theirs" });
      module.exports = {
        greeting: new pulumi.Config().require("greeting"), stack: pulumi.getStack(), organization: pulumi.getOrganization(),
        read: theirs.object, echoed: pulumi.output(pulumi.runtime.invoke("test:index:echo", { value: [1, { a: true }] })).echoed,
      };`);
    const result = await project.run("up");
    expect(result.errors).toEqual([]);
    expect(result.outputs).toEqual({
      greeting: "hello",
      stack: "dev",
      organization: "organization",
      read: "object of theirs",
      echoed: [1, { a: true }],
    });
    expect(project.resources().find((state) => state.id === "theirs")).toMatchObject({ external: true });
    expect(await project.run("up", { expectNoChanges: true })).toMatchObject({ exitCode: 0 });
    expect(await project.run("destroy")).toMatchObject({ exitCode: 0 });
    expect(project.objects(), "what others own stays").toEqual(["theirs"]);
  });

  it("may use the SDK's dynamic providers", async () => {
    using project = new TestProject(`
      class Dynamic extends pulumi.dynamic.Resource {
        constructor(name, props) {
          super({
            async create(inputs) { return { id: "made", outs: { ...inputs, made: true } }; },
            async update(id, olds, news) { return { outs: { ...news, made: "again" } }; },
          }, name, { made: undefined, ...props });
        }
      }
      exports.made = new Dynamic("d", { value: process.env.TEST_VALUE }).made;`);
    const run = (value: string) => project.run("up", { environment: { ...project.environment, TEST_VALUE: value } });
    expect((await run("1")).outputs).toEqual({ made: true });
    expect(steps(await run("1"))).toEqual([]);
    expect((await run("2")).outputs).toEqual({ made: "again" });
    expect(await project.run("destroy")).toMatchObject({ exitCode: 0 });
  });

  it("may be TypeScript that the SDK compiles, with the lines of the source in an error", async () => {
    using project = new TestProject();
    const tsconfig = { target: "es2020", module: "commonjs", moduleResolution: "node", ignoreDeprecations: "6.0" };
    writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions: tsconfig }));
    writeFileSync(join(project.folder, "package.json"), JSON.stringify({ name: "shop" }));
    // What is taken out when it is compiled moves the lines below it.
    const program =
      'interface Gone {\n  a: string;\n}\nexport const line = /main\\.ts:(\\d+)/.exec(new Error("a").stack ?? "")?.[1];\n';
    writeFileSync(join(project.folder, "main.ts"), program);
    const file = join(project.folder, "Pulumi.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8")
        .replace("main: index.js", "main: main.ts")
        .replace(/typescript: *false/, "typescript: true"),
    );
    expect(await project.run("up")).toMatchObject({ errors: [], outputs: { line: "4" } });
  });

  it("get stacks with the lines of sources where an error has a message, and quick ones where it has none", async () => {
    const kind = (error: string) => `pulumi.output(1).apply(() => /output\\.(ts|js):/.exec(${error}.stack)?.[1])`;
    using project = new TestProject(`exports.read = ${kind('new Error("a")')}; exports.noted = ${kind("new Error()")}`);
    expect(await project.run("up")).toMatchObject({ errors: [], outputs: { read: "ts", noted: "js" } });
  });

  it("may be TypeScript that Node runs as it is", async () => {
    using project = new TestProject();
    writeFileSync(join(project.folder, "package.json"), JSON.stringify({ name: "shop", type: "module" }));
    writeFileSync(
      join(project.folder, "main.ts"),
      `import * as pulumi from "@pulumi/pulumi";\nconst n: number = 1;\nexport const one = pulumi.output(n);\n`,
    );
    const manifest = readFileSync(join(project.folder, "Pulumi.yaml"), "utf8").replace(
      "main: index.js",
      "main: main.ts",
    );
    writeFileSync(join(project.folder, "Pulumi.yaml"), manifest);
    expect((await project.run("up")).outputs).toEqual({ one: 1 });
  });
});

describe("an operation", { timeout: 60_000 }, () => {
  it("deletes side by side, each after what depends on it", async () => {
    using project = new TestProject(`
      const a = new Thing("a", {}); const b = new Thing("b", { from: a.object });
      new Thing("c", { from: b.object }); new Thing("d", {}, { dependsOn: [a] });`);
    await project.run("up");
    project.clearCalls();
    await project.run("destroy");
    const order = project
      .calls()
      .filter((call) => /^delete \S+$/.test(call))
      .map((call) => call.split(/[ -]/)[1]);
    expect(order.indexOf("a")).toBe(3);
    expect(order.indexOf("b")).toBeGreaterThan(order.indexOf("c"));
  });

  it("gives the provider the configuration of its package, and follows its change", async () => {
    using project = new TestProject(`new Thing("a", {})`, `config: {"test:region": north}`);
    await project.run("up");
    expect(project.calls()).toContain('configure {"region":"north"}');
    const manifest = join(project.folder, "Pulumi.yaml");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace("north", "south"));
    await project.run("up");
    expect(project.calls()).toContain('configure {"region":"south"}');
    expect(project.resources().find((state) => state.type === "pulumi:providers:test")).toMatchObject({
      inputs: { region: "south" },
    });
  });
});
