import { describe, expect, it } from "vitest";
import type { OperationOptions } from "../../engine/operation/operation-options.ts";
import { steps, TestProject } from "./support/test-project.ts";

interface Case {
  name: string;
  program: string;
  /** What is left in the end. */
  steps: string[];
  /** In the one error. */
  error: string | RegExp;
  options?: Partial<OperationOptions>;
}

const cases: Case[] = [
  {
    name: "a create that fails stops what depends on it and nothing else",
    program: `const a = new Thing("a", { fail: "create" }); new Thing("b", { value: a.object }); new Thing("c", { delay: 100 })`,
    steps: ["create c", "failed a"],
    error: "create was told to fail",
  },
  {
    name: "an object that is made but not healthy is recorded, and what depends on it waits",
    program: `const a = new Thing("a", { fail: "partial" }); new Thing("b", { value: a.object })`,
    steps: ["failed a"],
    error: "it is not healthy",
  },
  {
    name: "inputs that are refused name the property",
    program: `new Thing("a", { invalid: true }); new Thing("b", {})`,
    steps: ["create b", "failed a"],
    error: "invalid: is not allowed",
  },
  {
    name: "a program that throws",
    program: `new Thing("a", {}); throw new pulumi.RunError("the program is wrong")`,
    steps: ["create a"],
    error: "the program is wrong",
  },
  {
    name: "a program that exits in the middle",
    program: `new Thing("a", {}); process.exit(0)`,
    steps: [],
    error: "The program ended with exit code 1",
  },
  {
    name: "a program that kills itself",
    program: `process.kill(process.pid, "SIGKILL")`,
    steps: [],
    error: "The program ended with SIGKILL",
  },
  {
    name: "a program that makes a resource twice",
    program: `new Thing("a", {}); new Thing("a", {})`,
    steps: [],
    error: 'two resources of type test:index:Thing under the same parent are named "a"',
  },
  {
    name: "a plugin that crashes, with its last words",
    program: `new Thing("a", { behave: "crash" })`,
    steps: ["failed a"],
    error: /ended with exit code 7\. Its last lines:\s+the test provider crashes/,
  },
  {
    name: "a plugin that hangs",
    program: `new Thing("a", { behave: "hang" })`,
    steps: ["failed a"],
    error: 'Provider "test" did not answer within 1 s',
    options: { limits: { change: 1 } },
  },
  {
    name: "a plugin that is not there",
    program: `new pulumi.CustomResource("nope:index:Thing", "a", {})`,
    steps: [],
    error: /No plugin for package "nope": .* no pulumi-resource-nope on PATH/,
  },
  {
    name: "a provider's configuration that is refused",
    program: `new Thing("a", {}, { provider: new TestProvider("p", { forbidden: true }) })`,
    steps: [],
    error: "forbidden: is not allowed",
  },
  ...[
    ["the import option", `new Thing("a", {}, { import: "x" })`],
    ["transforms", `new Thing("a", {}, { transforms: [() => undefined] })`],
    ["transforms", `pulumi.runtime.registerResourceTransform(() => undefined)`],
    ["resource hooks", `new Thing("a", {}, { hooks: { beforeCreate: [() => {}] } })`],
    ["StackReference", `new pulumi.StackReference("other")`],
    ["the replaceWith option", `const a = new Thing("a", {}); new Thing("b", {}, { replaceWith: [a] })`],
    ["a remote component", `new pulumi.ComponentResource("test:index:Remote", "r", {}, {}, true)`],
  ].map(([feature, program]) => ({
    name: `${feature}: ${program}`,
    program: program ?? "",
    steps: feature === "the replaceWith option" ? ["create a"] : [],
    error: `${feature}, which needs the Pulumi CLI`,
  })),
];

describe("what fails is said once, and leaves a good state", { timeout: 60_000 }, () => {
  it.each(cases)("$name", async ({ program, steps: expected, error, options }) => {
    using project = new TestProject(`new Thing("old", {})`);
    await project.run("up");
    project.program(program);
    const result = await project.run("up", options);
    expect(result.exitCode).toBe(1);
    expect(result.errors).toEqual([expect.stringMatching(error instanceof RegExp ? error : literal(error))]);
    expect(steps(result)).toEqual(expected);
    expect(project.objects(), "nothing is deleted after a failure").toContain(project.resources().at(-1)?.id);
    project.program(`new Thing("old", {})`);
    const repaired = await project.run("up");
    expect(repaired.errors, "the next run converges").toEqual([]);
    expect(project.objects().map((name) => name.split("-")[0])).toEqual(["old"]);
  });
});

describe("an error that the program logs and can live with", { timeout: 60_000 }, () => {
  it("is shown and fails nothing, as with the CLI", async () => {
    using project = new TestProject(`new Thing("old", {})`);
    await project.run("up");
    project.program(`pulumi.log.error("something is odd"); exports.answer = 42`);
    const result = await project.run("up");
    expect(result).toMatchObject({ exitCode: 0, errors: [], outputs: { answer: 42 } });
    expect(project.objects()).toEqual([]);
  });
});

describe("a step that fails", { timeout: 60_000 }, () => {
  it("keeps the outputs of the stack that the program gives no other value", async () => {
    using project = new TestProject(`exports.answer = 42; exports.old = 1`);
    expect((await project.run("up")).outputs).toEqual({ answer: 42, old: 1 });
    project.program(`exports.answer = 43; new Thing("a", { fail: "create" })`);
    expect((await project.run("up")).outputs).toEqual({ answer: 43, old: 1 });
  });

  it("in an update is tried again", async () => {
    using project = new TestProject(`new Thing("a", { value: 1 })`);
    await project.run("up");
    project.program(`new Thing("a", { value: 2, fail: "update" })`);
    expect(steps(await project.run("up"))).toEqual(["failed a"]);
    project.program(`new Thing("a", { value: 2 })`);
    expect(steps(await project.run("up"))).toEqual(["update a"]);
  });

  it("in a delete leaves what it depends on, and the rest goes", async () => {
    using project = new TestProject(
      `const a = new Thing("a", {}); new Thing("b", { value: a.object, fail: "delete" }); new Thing("c", {})`,
    );
    await project.run("up");
    const result = await project.run("destroy");
    expect(result.errors).toEqual([expect.stringContaining("delete was told to fail")]);
    expect(project.objects().map((name) => name.split("-")[0])).toEqual(["a", "b"]);
  });

  it("is an update again where the object was not healthy", async () => {
    using project = new TestProject(`new Thing("a", { fail: "partial" })`);
    await project.run("up");
    expect(project.resources().at(-1)).toMatchObject({ initErrors: ["it is not healthy"] });
    expect(steps(await project.run("up"))).toEqual(["update a"]);
    expect(await project.run("up", { expectNoChanges: true })).toMatchObject({ exitCode: 0 });
  });
});

describe("protection", { timeout: 60_000 }, () => {
  it("refuses deletion and replacement, and lets go when it is removed", async () => {
    using project = new TestProject(`new Thing("a", { kind: "x" }, { protect: true }); new Thing("b", {})`);
    await project.run("up");
    const made = project.objects();
    project.program("");
    expect((await project.run("up")).errors).toEqual([expect.stringContaining("::a: it is protected")]);
    expect(
      project.objects().map((name) => name.split("-")[0]),
      "the others go, as with the CLI",
    ).toEqual(["a"]);
    expect((await project.run("destroy")).errors).toEqual([expect.stringContaining("::a: it is protected")]);
    project.program(`new Thing("a", { kind: "y" }, { protect: true }); new Thing("b", {})`);
    expect((await project.run("up")).errors).toEqual([expect.stringContaining("would have to be replaced")]);
    expect(project.objects()).toContain(made[0]);
    project.program(`new Thing("a", { kind: "x" }, { protect: false }); new Thing("b", {})`);
    expect(await project.run("up")).toMatchObject({ exitCode: 0 });
    expect(await project.run("destroy")).toMatchObject({ exitCode: 0 });
    expect(project.objects()).toEqual([]);
  });
});

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
