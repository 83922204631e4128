import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** Components, providers, and what programs do wrong. */
export const components: Program[] = [
  {
    name: "a component with outputs",
    body(v, { R, pulumi }) {
      class Shop extends pulumi.ComponentResource {
        constructor(name: string) {
          super("test:index:Shop", name, { v });
          const x = new R(`${name}-x`, { size: v }, { parent: this });
          this.registerOutputs({ object: x.object, v });
        }
      }
      new Shop("shop");
    },
    runs: [up("1"), preview("2"), up("2"), refresh("2"), destroy("2")],
  },
  {
    name: "a component whose inputs change",
    body(v, { G }) {
      new G("g", { size: v });
      new G("same", { size: 1 });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "components in components",
    body(v, { R, G }) {
      const a = new G("a");
      const b = new G("b", {}, { parent: a });
      const c = new G("c", {}, { parent: b });
      new R("leaf", { size: v }, { parent: c });
      if (v === "1") new R("gone", { size: 1 }, { parent: c });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a component that is protected",
    body(v, { R, G }) {
      if (v === "2") return;
      const g = new G("g", {}, { protect: true });
      new R("x", { size: 1 }, { parent: g, protect: false });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a component with an option retainOnDelete",
    body(v, { R, G }) {
      if (v === "2") return;
      const g = new G("g", {}, { retainOnDelete: true });
      new R("x", { size: 1 }, { parent: g });
    },
    runs: [up("1"), up("2")],
  },
  {
    name: "a provider whose settings change in place",
    body(v, { R, P }) {
      const provider = new P("p", { region: "a", note: v });
      new R("x", { size: 1 }, { provider });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a provider with a secret",
    body(v, { R, P, pulumi }) {
      const provider = new P("p", { region: "a", token: pulumi.secret(v) });
      new R("x", { size: 1 }, { provider });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a provider that depends on a resource",
    body(v, { R, P }) {
      const base = new R("base", { name: v });
      const provider = new P("p", { region: base.object });
      new R("x", { size: 1 }, { provider });
    },
    runs: [preview("a"), up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "a resource that goes from the default provider to one of its own",
    body(v, { R, P }) {
      const provider = new P("p", v === "3" ? { region: "else" } : {});
      new R("x", { size: 1 }, v === "1" ? {} : { provider });
    },
    runs: [up("1"), preview("2"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "a provider that is gone from the program with its resources",
    ordered: true,
    body(v, { R, P }) {
      if (v === "2") return;
      const provider = new P("p", { region: "a" });
      new R("x", { size: 1 }, { provider });
    },
    runs: [up("1"), up("2")],
  },
  {
    name: "a provider that is gone from the program, and whose resource cannot be deleted",
    body(v, { R, P }) {
      if (v === "2") return;
      const provider = new P("p", { region: "a" });
      new R("x", { size: 1 }, { provider });
    },
    runs: [up("1"), up("2", { failing: ["delete x"] }), up("2")],
  },
  {
    name: "two providers of one package",
    body(v, { R, P }) {
      const a = new P("a", { region: "a" });
      const b = new P("b", { region: v });
      new R("x", { size: 1 }, { provider: a });
      new R("y", { size: 1 }, { provider: b });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a provider under a component, that its children use",
    body(v, { R, G, P }) {
      const g = new G("g", {}, { providers: { test: new P("p", { region: v }) } });
      new R("x", { size: 1 }, { parent: new G("inner", {}, { parent: g }) });
    },
    runs: [up("a"), up("b"), destroy("b")],
  },
  {
    name: "settings of the default provider",
    stackFile: "config:\n  test:region: a",
    body(_v, { R }) {
      new R("x", { size: 1 });
    },
    runs: [up(), up("1", { stackFile: "config:\n  test:region: b" }), destroy()],
  },
  {
    name: "a program that throws",
    body(v, { R }) {
      new R("x", { size: v });
      if (v === "2") throw new Error("the program throws");
    },
    runs: [up("1"), preview("2"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "a program that rejects",
    async body(v, { R }) {
      new R("x", { size: v });
      if (v === "2") await Promise.reject(new Error("the program rejects"));
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a program without resources",
    body() {},
    runs: [preview(), up(), up(), destroy()],
  },
  {
    name: "a program that is asynchronous",
    async body(v, { R }) {
      const x = new R("x", { size: v });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const y = new R("y", { of: x.object });
      return { y: y.object };
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "resources that are made in an apply",
    body(_v, { R }) {
      const x = new R("x", { size: 1 });
      x.object.apply((object) => void new R("inner", { of: object }));
    },
    runs: [preview(), up(), up(), destroy()],
  },
];
