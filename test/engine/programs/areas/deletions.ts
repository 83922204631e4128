import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** What goes, in which order, and what stays. */
export const deletions: Program[] = [
  {
    name: "a chain that is destroyed from its end",
    ordered: true,
    body(_v, { R }) {
      const a = new R("a", { size: 1 });
      const b = new R("b", { of: a.object });
      new R("c", { of: b.object });
    },
    runs: [up(), preview(), destroy(), destroy(), up(), destroy()],
  },
  {
    name: "a chain whose middle and end are gone from the program",
    ordered: true,
    body(v, { R }) {
      const a = new R("a", { size: 1 });
      if (v === "2") return;
      const b = new R("b", { of: a.object });
      new R("c", { of: b.object });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a delete that fails keeps what it needs",
    ordered: true,
    body(v, { R }) {
      if (v === "2") return;
      const a = new R("a", { size: 1 });
      new R("b", { of: a.object });
    },
    runs: [up("1"), up("2", { failing: ["delete b"] }), up("2")],
  },
  {
    name: "a destroy that fails at one resource",
    ordered: true,
    body(_v, { R }) {
      const a = new R("a", { size: 1 });
      const b = new R("b", { of: a.object });
      new R("c", { of: b.object });
    },
    runs: [up(), destroy("1", { failing: ["delete b"] }), destroy()],
  },
  {
    name: "a protected resource that the program drops",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 }, { protect: true });
      new R("y", { size: v });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a protected resource among others in a destroy",
    body(v, { R }) {
      const x = new R("x", { size: 1 }, { protect: v === "1" });
      new R("y", { of: x.object });
      new R("z", { size: 1 });
    },
    runs: [up("1"), destroy("1"), up("2"), destroy("2")],
  },
  {
    name: "a protected resource that has to be replaced",
    body(v, { R }) {
      // The CLI begins nothing more after a failure: what is beside ends before.
      const y = new R("y", { size: v });
      new R("x", { name: v === "2" ? "b" : "a" }, { protect: v !== "3", dependsOn: y });
    },
    runs: [up("1"), preview("2"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "protection that is taken away in the run that replaces",
    body(v, { R }) {
      new R("x", { name: v }, { protect: v === "a" });
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "retainOnDelete",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 }, { retainOnDelete: true });
      new R("y", { name: v }, { retainOnDelete: true });
      new R("z", { size: 1 });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "retainOnDelete and delete-before-replace",
    body(v, { R }) {
      new R("x", { name: v }, { retainOnDelete: true }, "First");
    },
    runs: [up("a"), up("b"), destroy("b")],
  },
  {
    name: "retainOnDelete that is set in the run that drops the resource has no effect",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 }, { retainOnDelete: false });
      if (v === "2") new R("x", { size: 1 }, { retainOnDelete: true });
    },
    runs: [up("1"), up("2"), up("3")],
  },
  {
    name: "deletedWith",
    body(v, { R }) {
      const x = new R("x", { size: 1 });
      new R("inside", { size: 1 }, { deletedWith: x });
      if (v === "1") new R("dropped", { size: 1 }, { deletedWith: x });
    },
    runs: [up("1"), up("2"), preview("2"), destroy("2")],
  },
  {
    name: "deletedWith whose container cannot be deleted",
    body(_v, { R }) {
      const x = new R("x", { size: 1 });
      new R("inside", { size: 1 }, { deletedWith: x });
    },
    runs: [up(), destroy("1", { failing: ["delete x"] }), destroy()],
  },
  {
    name: "a component that goes with its children",
    ordered: true,
    body(v, { R, G }) {
      if (v === "2") return;
      const g = new G("g");
      const a = new R("a", { size: 1 }, { parent: g });
      new R("b", { of: a.object }, { parent: g });
    },
    runs: [up("1"), preview("2"), up("2")],
  },
  {
    name: "a dependency that is dropped in the run that deletes it",
    ordered: true,
    body(v, { R }) {
      const a = v === "1" ? new R("a", { size: 1 }) : undefined;
      new R("b", { of: a?.object ?? "nothing" });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "an object that is gone before it is deleted",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 });
    },
    runs: [up("1"), up("2", { world: (world) => world.remove("x") })],
  },
  {
    name: "children whose parent is no component",
    ordered: true,
    body(v, { R }) {
      const a = new R("a", { size: 1 });
      if (v === "1") new R("child", { size: 1 }, { parent: a });
    },
    runs: [up("1"), up("2"), up("1"), destroy("1")],
  },
  {
    name: "a dependsOn of a component waits for its children",
    ordered: true,
    body(_v, { R, G }) {
      const g = new G("g");
      new R("inside", { size: 1 }, { parent: g });
      new R("after", { size: 1 }, { dependsOn: g });
    },
    runs: [up(), destroy()],
  },
  {
    name: "a destroy after a refresh found everything gone",
    body(_v, { R }) {
      const a = new R("a", { size: 1 });
      new R("b", { of: a.object });
    },
    runs: [up(), refresh("1", { world: (world) => ["a", "b"].map((name) => world.remove(name)) }), destroy()],
  },
];
