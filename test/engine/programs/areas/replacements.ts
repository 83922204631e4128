import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** What is made again, what goes with it, and in which order. */
export const replacements: Program[] = [
  {
    name: "a resource that is created before the old one is deleted",
    ordered: true,
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), preview("b"), up("b"), up("b"), destroy("b")],
  },
  {
    name: "a resource that is deleted before it is created, by its provider",
    ordered: true,
    body(v, { R }) {
      new R("x", { name: v }, {}, "First");
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "the option deleteBeforeReplace",
    ordered: true,
    body(v, { R }) {
      new R("x", { name: v }, { deleteBeforeReplace: true });
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "the option deleteBeforeReplace: false, against the provider",
    ordered: true,
    body(v, { R }) {
      new R("x", { name: v }, { deleteBeforeReplace: false }, "First");
    },
    runs: [up("a"), up("b"), destroy("b")],
  },
  {
    name: "a delete-before-replace takes along what would be replaced, and leaves what would be updated",
    body(v, { R }) {
      const x = new R("x", { name: v }, {}, "First");
      new R("replaced", { name: x.object });
      new R("updated", { of: x.object });
      new R("waits", { size: 1 }, { dependsOn: x });
    },
    runs: [up("a"), preview("b"), up("b"), up("b"), destroy("b")],
  },
  {
    name: "a chain of delete-before-replace",
    ordered: true,
    body(v, { R }) {
      const a = new R("a", { name: v }, {}, "First");
      const b = new R("b", { name: a.object }, {}, "First");
      new R("c", { name: b.object }, {}, "First");
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "a delete-before-replace whose dependent is gone from the program",
    body(v, { R }) {
      const x = new R("x", { name: v }, {}, "First");
      if (v === "a") new R("gone", { name: x.object });
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "a delete-before-replace whose dependent is protected",
    body(v, { R }) {
      const x = new R("x", { name: v }, {}, "First");
      new R("dependent", { name: x.object }, { protect: true });
    },
    runs: [up("a"), up("b")],
  },
  {
    name: "a dependent of a component in a delete-before-replace",
    body(v, { R, G }) {
      const g = new G("g");
      const x = new R("x", { name: v }, { parent: g }, "First");
      const inner = new G("inner", { of: x.object }, { parent: g });
      new R("leaf", { name: x.object }, { parent: inner });
    },
    runs: [up("a"), up("b"), destroy("b")],
  },
  {
    name: "a create that fails in a replacement",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), up("b", { failing: ["create x"] }), up("b"), destroy("b")],
  },
  {
    name: "the deletion of what was replaced fails, and comes again",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), up("b", { failing: ["delete x"] }), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "the deletion of what was replaced fails twice, so that two objects wait",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), up("b", { failing: ["delete x"] }), up("c", { failing: ["delete x"] }), up("c"), destroy("c")],
  },
  {
    name: "a destroy while an object still waits for its deletion",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), up("b", { failing: ["delete x"] }), destroy("b")],
  },
  {
    name: "a create that fails in a delete-before-replace, and the resource is gone from the program",
    body(v, { R }) {
      if (v !== "none") new R("x", { name: v }, {}, "First");
      else new R("other", { size: 1 });
    },
    runs: [up("a"), up("b", { failing: ["create x"] }), preview("none"), up("none"), destroy("none")],
  },
  {
    name: "a create that fails in a delete-before-replace, and then a refresh and a destroy",
    body(v, { R }) {
      new R("x", { name: v }, {}, "First");
    },
    runs: [up("a"), up("b", { failing: ["create x"] }), refresh("b"), destroy("b")],
  },
  {
    name: "a delete-before-replace whose old object cannot be deleted",
    body(v, { R }) {
      const x = new R("x", { name: v }, {}, "First");
      new R("dependent", { name: x.object });
    },
    runs: [up("a"), up("b", { failing: ["delete x"] }), destroy("b")],
  },
  {
    name: "a replacement makes names again",
    body(v, { R }) {
      new R("x", { auto: true, size: v });
      new R("y", v === "1" ? { name: "own", auto: true } : { auto: true });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a custom resource that becomes a component under the same URN",
    body(v, { R, G }) {
      if (v === "1") new R("x", { size: 1 });
      else new G("x", {}, {}, "test:index:R");
    },
    runs: [up("1"), preview("2"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a custom resource that becomes a component by an alias",
    body(v, { R, G }) {
      if (v === "1") new R("x", { size: 1 });
      else {
        const g = new G("y", {}, { aliases: [{ name: "x", type: "test:index:R" }] });
        new R("leaf", { size: 1 }, { parent: g });
      }
    },
    runs: [up("1"), preview("2"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a component that becomes a custom resource under the same URN",
    body(v, { R, G }) {
      if (v === "1") new G("x", { size: 1 }, {}, "test:index:R");
      else new R("x", { size: 1 });
    },
    runs: [up("1"), preview("2"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a component that becomes a custom resource by an alias, with children",
    body(v, { R, G }) {
      if (v === "1") {
        const g = new G("x");
        new R("leaf", { size: 1 }, { parent: g });
      } else {
        const r = new R("y", { size: 1 }, { aliases: [{ name: "x", type: "test:index:G" }] });
        new R("leaf", { size: 1 }, { parent: r });
      }
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a protected custom resource that becomes a component",
    body(v, { R, G }) {
      if (v === "1") new R("x", { size: 1 }, { protect: true });
      else new G("x", {}, { protect: true }, "test:index:R");
    },
    runs: [up("1"), up("2")],
  },
  {
    name: "a resource that is replaced because its provider is another one",
    body(v, { R, P }) {
      const provider = new P("p", { region: v });
      new R("x", { size: 1 }, { provider });
    },
    runs: [up("a"), preview("b"), up("b"), up("b"), destroy("b")],
  },
  {
    name: "dependents of a replaced resource are updated",
    body(v, { R }) {
      const x = new R("x", { name: v });
      const user = new R("user", { of: x.object });
      new R("user-of-user", { of: user.object, version: user.version });
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "replaceOnChanges and a diff without details",
    body(v, { R }) {
      new R("bare", { cfg: { c: v } }, { replaceOnChanges: ["cfg.c"] }, "Bare");
      new R("bare-top", { cfg: v }, { replaceOnChanges: ["cfg"] }, "Bare");
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "replaceOnChanges and a diff that names keys",
    body(v, { R }) {
      new R("deep", { cfg: { c: v } }, { replaceOnChanges: ["cfg.c"] }, "Keys");
      new R("top", { cfg: { c: v } }, { replaceOnChanges: ["cfg"] }, "Keys");
      new R("all", { cfg: { c: v } }, { replaceOnChanges: ["*"] }, "Keys");
      new R("other", { cfg: { c: v } }, { replaceOnChanges: ["size"] }, "Keys");
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "replaceOnChanges and a provider that leaves the diff to the engine",
    body(v, { R }) {
      new R("deep", { cfg: { c: v, d: 1 } }, { replaceOnChanges: ["cfg.c"] }, "Unknown");
      new R("beside", { cfg: { c: 1, d: v } }, { replaceOnChanges: ["cfg.c"] }, "Unknown");
      new R("inside", { cfg: { c: { e: v } } }, { replaceOnChanges: ["cfg.c"] }, "Unknown");
      new R("list", { cfg: [{ c: v }] }, { replaceOnChanges: ["cfg[*].c"] }, "Unknown");
      new R("same", { cfg: 1 }, { replaceOnChanges: ["*"] }, "Unknown");
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "replaceOnChanges and a detailed diff",
    body(v, { R }) {
      new R("top", { size: v }, { replaceOnChanges: ["size"] });
      new R("below", { size: v }, { replaceOnChanges: ["size.of.it"] });
      new R("all", { size: v }, { replaceOnChanges: ["*"] });
      new R("other", { size: v }, { replaceOnChanges: ["color"] });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "replaceOnChanges of one that is not ready",
    body(v, { R }) {
      new R("x", { size: v }, { replaceOnChanges: ["#initerror"] });
      new R("y", { size: v });
    },
    runs: [up("1", { partial: ["create x", "create y"] }), preview("1"), up("1"), destroy("1")],
  },
  {
    name: "what is deleted with a replaced resource is replaced, too",
    body(v, { R }) {
      const x = new R("x", { name: v });
      new R("inside", { size: 1 }, { deletedWith: x, dependsOn: x });
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "what is deleted with a resource of a delete-before-replace",
    body(v, { R }) {
      const x = new R("x", { name: v }, {}, "First");
      new R("inside", { size: 1 }, { deletedWith: x, dependsOn: x });
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
];
