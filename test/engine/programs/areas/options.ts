import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** Options of resources. */
export const options: Program[] = [
  {
    name: "ignoreChanges of a property, one inside, and one in a list",
    body(v, { R }) {
      const inputs = { a: v, b: { c: v, d: v }, list: [{ e: v, f: v }] };
      new R("top", inputs, { ignoreChanges: ["a"] });
      new R("inside", inputs, { ignoreChanges: ["b.c"] });
      new R("list", inputs, { ignoreChanges: ["list[0].e"] });
      new R("each", inputs, { ignoreChanges: ["list[*].e"] });
      new R("all", inputs, { ignoreChanges: ["*"] });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "ignoreChanges of what is added and what is removed",
    body(v, { R }) {
      const inputs = v === "1" ? { size: 1, old: 1, deep: { x: 1 } } : { size: 1, added: 2, deep: { y: 2 } };
      new R("top", inputs, { ignoreChanges: ["added", "old"] });
      new R("deep", inputs, { ignoreChanges: ["deep.x", "deep.y"] });
      new R("list", { list: v === "1" ? [1] : [1, 2] }, { ignoreChanges: ["list[1]"] });
      new R("shorter", { list: v === "1" ? [1, 2] : [1] }, { ignoreChanges: ["list[1]"] });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "ignoreChanges of what is no path",
    body(v, { R }) {
      new R("x", { size: v, color: v }, { ignoreChanges: ["size[", "", "color"] });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "ignoreChanges of what would replace",
    body(v, { R }) {
      new R("x", { name: v, size: v }, { ignoreChanges: ["name"] });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "ignoreChanges and an update beside it",
    body(v, { R }) {
      new R("x", { a: v, b: v }, { ignoreChanges: ["a"] }, "Unknown");
    },
    runs: [up("1"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "options that change without a change of inputs",
    body(v, { R }) {
      const a = new R("a", { size: 1 });
      new R("b", { size: 1 }, v === "1" ? {} : { dependsOn: a, protect: true });
      new R("c", { size: 1 }, v === "1" ? {} : { retainOnDelete: true, deletedWith: a });
      new R("d", { size: 1 }, v === "1" ? {} : { customTimeouts: { create: "5m", update: "1h30m", delete: "90s" } });
      new R("e", { size: 1 }, v === "1" ? {} : { ignoreChanges: ["size"], replaceOnChanges: ["color"] });
      new R("f", { size: 1 }, v === "1" ? {} : { additionalSecretOutputs: ["object"] });
    },
    runs: [up("1"), preview("2"), up("2"), up("2"), up("1"), destroy("1")],
  },
  {
    name: "additionalSecretOutputs of a new resource, and of one that is updated",
    body(v, { R }) {
      const x = new R("x", { size: v }, { additionalSecretOutputs: ["object", "size"] });
      new R("user", { of: x.object });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "hideDiffs",
    body(v, { R }) {
      new R("x", { size: v, color: v }, { hideDiffs: ["size"] });
    },
    runs: [up("1"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a resource with a version of its package",
    body(v, { R }) {
      new R("x", { size: v }, { version: "1.2.3" });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "dependencies that change their order",
    body(v, { R }) {
      const all = ["a", "b", "c"].map((name) => new R(name, { size: 1 }));
      new R("x", { size: 1 }, { dependsOn: v === "1" ? all : all.toReversed() });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "options of a component that its children take over",
    body(_v, { R, G, P }) {
      const provider = new P("p", { region: "a" });
      const g = new G("g", {}, { protect: true, providers: [provider] });
      new R("inside", { size: 1 }, { parent: g });
      new R("open", { size: 1 }, { parent: g, protect: false });
    },
    runs: [up(), destroy()],
  },
  {
    name: "unicode, long names and names with separators",
    body(v, { R }) {
      new R("grüße 🌍", { size: v });
      new R("a".repeat(200), { size: v });
      new R("with::colons", { size: v });
      new R("with/slash.and$dollar", { size: v });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "two resources with the same URN",
    body(_v, { R }) {
      new R("x", { size: 1 });
      new R("x", { size: 2 });
    },
    runs: [preview()],
  },
  {
    name: "refresh keeps options",
    body(_v, { R }) {
      new R("x", { size: 1 }, { protect: true, ignoreChanges: ["size"], customTimeouts: { create: "1m" } });
    },
    runs: [up(), refresh("1", { world: (world) => world.drift("x", { size: 5 }) }), up()],
  },
];
