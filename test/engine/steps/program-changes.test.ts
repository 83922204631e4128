import { describe, expect, it } from "vitest";
import { steps, TestProject } from "../support/test-project.ts";

interface Case {
  name: string;
  before: string;
  after: string;
  expected: string[];
}

/** What a change of the program leads to. */
const cases: Case[] = [
  { name: "creates what is new", before: ``, after: `new Thing("a", { value: 1 })`, expected: ["create a"] },
  {
    name: "changes nothing where the program is the same",
    before: `new Thing("a", { value: 1 })`,
    after: `new Thing("a", { value: 1 })`,
    expected: [],
  },
  {
    name: "updates in place",
    before: `new Thing("a", { value: 1 })`,
    after: `new Thing("a", { value: 2 })`,
    expected: ["update a"],
  },
  {
    name: "replaces, and deletes the old object at the end",
    before: `const a = new Thing("a", { kind: "x" }); new Thing("b", { value: a.object })`,
    after: `const a = new Thing("a", { kind: "y" }); new Thing("b", { value: a.object })`,
    expected: ["delete a", "replace a", "update b"],
  },
  {
    name: "deletes before it replaces, where the provider asks for it",
    before: `new Thing("a", { kind: "x", name: "fixed", deleteFirst: true })`,
    after: `new Thing("a", { kind: "y", name: "fixed", deleteFirst: true })`,
    expected: ["delete a", "replace a"],
  },
  {
    name: "takes dependents that would be replaced along in a delete before replace, and leaves the others",
    before: `const a = new Thing("a", { kind: "x" }, { deleteBeforeReplace: true });
      const b = new Thing("b", { kind: a.object }); const c = new Thing("c", { kind: b.object });
      new Thing("d", { value: a.object }); new Thing("e", {}, { dependsOn: [a] })`,
    after: `const a = new Thing("a", { kind: "y" }, { deleteBeforeReplace: true });
      const b = new Thing("b", { kind: a.object }); const c = new Thing("c", { kind: b.object });
      new Thing("d", { value: a.object }); new Thing("e", {}, { dependsOn: [a] })`,
    expected: ["delete a", "delete b", "delete c", "replace a", "replace b", "replace c", "update d"],
  },
  {
    name: "deletes what the program no longer has",
    before: `new Thing("a", {}); new Thing("b", {})`,
    after: `new Thing("b", {})`,
    expected: ["delete a"],
  },
  {
    name: "follows a rename with an alias",
    before: `new Thing("a", { value: 1 })`,
    after: `new Thing("b", { value: 1 }, { aliases: [{ name: "a" }] })`,
    expected: [],
  },
  {
    name: "follows children of a component that is renamed with an alias",
    before: `const g = new Group("g"); const a = new Thing("a", {}, { parent: g }); new Thing("b", { value: a.object }, { parent: g })`,
    after: `const g = new Group("h", {}, { aliases: [{ name: "g" }] }); const a = new Thing("a", {}, { parent: g }); new Thing("b", { value: a.object }, { parent: g })`,
    expected: [],
  },
  {
    name: "follows a resource into a component",
    before: `new Thing("a", {})`,
    after: `const g = new Group("g"); new Thing("a", {}, { parent: g, aliases: [{ parent: pulumi.rootStackResource }] })`,
    expected: ["create g"],
  },
  {
    name: "replaces a resource that is renamed without an alias",
    before: `new Thing("a", {})`,
    after: `new Thing("b", {})`,
    expected: ["create b", "delete a"],
  },
  {
    name: "ignores changes of a property",
    before: `new Thing("a", { value: { x: 1, y: 1 } })`,
    after: `new Thing("a", { value: { x: 2, y: 1 } }, { ignoreChanges: ["value.x"] })`,
    expected: [],
  },
  {
    name: "replaces on the change of a property",
    before: `new Thing("a", { value: 1 }, { replaceOnChanges: ["value"] })`,
    after: `new Thing("a", { value: 2 }, { replaceOnChanges: ["value"] })`,
    expected: ["delete a", "replace a"],
  },
  {
    name: "leaves an object alone that is retained",
    before: `new Thing("a", {}, { retainOnDelete: true })`,
    after: ``,
    expected: ["forget a"],
  },
  {
    name: "updates where only a secret changed",
    before: `new Thing("a", { value: pulumi.secret("one") })`,
    after: `new Thing("a", { value: pulumi.secret("two") })`,
    expected: ["update a"],
  },
  {
    name: "keeps a resource whose value only became a secret",
    before: `new Thing("a", { value: "one" })`,
    after: `new Thing("a", { value: pulumi.secret("one") })`,
    expected: [],
  },
  {
    name: "keeps resources that move to another provider of the same configuration",
    before: `new Thing("a", {})`,
    after: `new Thing("a", {}, { provider: new TestProvider("p", {}) })`,
    expected: [],
  },
];

describe("a change of the program", { timeout: 120_000 }, () => {
  it.each(cases)("$name", async ({ before, after, expected }) => {
    using project = new TestProject(before);
    expect(await project.run("up")).toMatchObject({ exitCode: 0, errors: [] });
    project.program(after);
    const preview = await project.run("preview");
    const result = await project.run("up");
    expect(result.errors).toEqual([]);
    expect(steps(result)).toEqual(expected);
    expect(steps(preview), "the preview says the same").toEqual(expected);
    expect(await project.run("up", { expectNoChanges: true }), "a second run changes nothing").toMatchObject({
      exitCode: 0,
    });
  });
});
