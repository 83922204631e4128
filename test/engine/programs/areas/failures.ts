import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** Providers that fail, and what the next run makes of it. */
export const failures: Program[] = [
  {
    name: "a create that fails, with others beside and after it",
    body(_v, { R }) {
      // The CLI begins nothing more after a failure: what is beside ends before.
      const beside = new R("beside", { size: 1 });
      const x = new R("x", { size: 1 }, { dependsOn: beside });
      new R("after", { of: x.object });
    },
    runs: [up("1", { failing: ["create x"] }), up(), destroy()],
  },
  {
    name: "an update that fails",
    body(v, { R }) {
      const x = new R("x", { size: v });
      new R("after", { of: x.version });
    },
    runs: [up("1"), up("2", { failing: ["update x"] }), up("2"), destroy("2")],
  },
  {
    name: "a create that ends half-way",
    body(_v, { R }) {
      const x = new R("x", { size: 1 });
      new R("after", { of: x.object });
    },
    runs: [up("1", { partial: ["create x"] }), preview(), up(), destroy()],
  },
  {
    name: "a create that ends half-way, and a destroy",
    body(_v, { R }) {
      new R("x", { size: 1 });
    },
    runs: [up("1", { partial: ["create x"] }), destroy()],
  },
  {
    name: "a create that ends half-way, and a refresh that finds it ready",
    body(_v, { R }) {
      new R("x", { size: 1 });
    },
    runs: [up("1", { partial: ["create x"] }), refresh(), up(), destroy()],
  },
  {
    name: "an update that ends half-way",
    body(v, { R }) {
      const x = new R("x", { size: v });
      new R("after", { of: x.version });
    },
    runs: [up("1"), up("2", { partial: ["update x"] }), up("2"), up("2"), destroy("2")],
  },
  {
    name: "an update that ends half-way, and one back to what it was",
    body(v, { R }) {
      new R("x", { size: v });
    },
    runs: [up("1"), up("2", { partial: ["update x"] }), up("1"), destroy("1")],
  },
  {
    name: "a replacement that ends half-way",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), up("b", { partial: ["create x"] }), up("b"), destroy("b")],
  },
  {
    name: "inputs that are refused",
    body(v, { R }) {
      const x = new R("x", v === "2" ? { invalid: true } : { size: 1 });
      new R("y", { size: v }, { dependsOn: x });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a check that fails",
    body(_v, { R }) {
      new R("x", { size: 1 });
    },
    runs: [preview("1", { failing: ["check x"] }), up("1", { failing: ["check x"] })],
  },
  {
    name: "a diff that fails",
    body(v, { R }) {
      new R("x", { size: v });
    },
    runs: [up("1"), preview("2", { failing: ["diff x"] }), up("2", { failing: ["diff x"] }), destroy("2")],
  },
  {
    name: "a failure keeps what the program no longer has",
    body(v, { R }) {
      if (v === "1") new R("gone", { size: 1 });
      new R("x", { size: v });
    },
    runs: [up("1"), up("2", { failing: ["update x"] }), up("2"), destroy("2")],
  },
  {
    name: "a failure and outputs of the stack that need nothing of it",
    body(v, { R }) {
      const y = new R("y", { size: v });
      const x = new R("x", { size: v }, { dependsOn: y });
      return { v, y: y.version, ...(v === "1" && { gone: 1 }), ...(v === "2" && { added: 1 }), x: x.version };
    },
    runs: [up("1"), up("2", { failing: ["update x"] }), up("3"), destroy("3")],
  },
  {
    name: "a failure and the outputs of the stack",
    body(v, { R }) {
      const x = new R("x", { size: v });
      return { version: x.version, v };
    },
    runs: [up("1"), up("2", { failing: ["update x"] }), up("2"), destroy("2")],
  },
  {
    name: "a create that fails in a component",
    body(v, { R, pulumi }) {
      class Shop extends pulumi.ComponentResource {
        constructor() {
          super("test:index:Shop", "shop");
          const x = new R("x", { size: v }, { parent: this });
          this.registerOutputs({ version: x.version });
        }
      }
      new Shop();
    },
    runs: [up("1", { failing: ["create x"] }), up("1"), up("2", { failing: ["update x"] }), destroy("2")],
  },
  {
    name: "deletes that fail twice, then a program that has the resource again",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 });
    },
    runs: [up("1"), up("2", { failing: ["delete x"] }), destroy("2", { failing: ["delete x"] }), up("1"), destroy("1")],
  },
];
