import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

/** Names that change, and what goes with them. */
export const aliases: Program[] = [
  {
    name: "a parent renamed by an alias while a replaced child still waits for its deletion",
    body(v, { R, G }) {
      const g = v === "3" ? new G("newg", {}, { aliases: [{ name: "oldg" }] }) : new G("oldg");
      new R("x", { name: v === "1" ? "a" : "b" }, { parent: g });
      if (v !== "1") new R("boom", { name: "b" });
    },
    runs: [
      up("1"),
      up("2", { failing: ["create boom"] }),
      preview("3"),
      up("3", { failing: ["create boom"] }),
      refresh("3"),
      up("3"),
      destroy("3"),
    ],
  },
  {
    name: "a component renamed by an alias with name and type, and a child named after it",
    body(v, { R, G }) {
      if (v === "1") {
        const g = new G("app", {}, {}, "old:index:App");
        new R("app-db", { name: "db" }, { parent: g });
      } else {
        const g = new G("shop", {}, { aliases: [{ name: "app", type: "old:index:App" }] }, "new:index:Shop");
        new R("shop-db", { name: "db" }, { parent: g });
      }
    },
    runs: [up("1"), preview("2"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "two resources that claim the same alias",
    body(v, { R }) {
      if (v === "1") new R("old", { size: 1 });
      else {
        const first = new R("first", { size: 1 }, { aliases: [{ name: "old" }] });
        new R("second", { size: 1 }, { aliases: [{ name: "old" }], dependsOn: first });
      }
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "an alias of a resource that the program still has",
    body(v, { R }) {
      const old = new R("old", { size: 1 });
      if (v === "2") new R("new", { size: 1 }, { aliases: [{ name: "old" }], dependsOn: old });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "an alias that a later resource has as its name",
    body(v, { R }) {
      if (v === "1") new R("old", { size: 1 });
      else {
        const renamed = new R("new", { size: 1 }, { aliases: [{ name: "old" }] });
        new R("old", { size: 1 }, { dependsOn: renamed });
      }
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a resource renamed, then the alias taken away",
    body(v, { R }) {
      const a = new R(v === "1" ? "old" : "new", { size: 1 }, v === "2" ? { aliases: [{ name: "old" }] } : {});
      new R("user", { of: a.object }, { dependsOn: a });
    },
    runs: [up("1"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "a resource renamed and changed at once",
    body(v, { R }) {
      if (v === "1") new R("old", { size: 1 });
      else new R("new", { size: 2 }, { aliases: [{ name: "old" }] });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a resource renamed whose update fails, and the old name again",
    body(v, { R }) {
      if (v === "1") new R("old", { size: 1 });
      else new R("new", { size: 2 }, { aliases: [{ name: "old" }] });
    },
    runs: [up("1"), up("2", { failing: ["update new"] }), up("1"), up("2"), destroy("2")],
  },
  {
    name: "a component renamed with a child whose update fails, and the old name again",
    body(v, { R, G }) {
      const g = v === "1" ? new G("old") : new G("new", {}, { aliases: [{ name: "old" }] });
      new R(v === "1" ? "old-x" : "new-x", { size: v }, { parent: g });
    },
    runs: [up("1"), up("2", { failing: ["update new-x"] }), up("1"), destroy("1")],
  },
  {
    name: "a resource renamed and replaced at once",
    body(v, { R }) {
      const a = v === "1" ? new R("old", { name: "a" }) : new R("new", { name: "b" }, { aliases: [{ name: "old" }] });
      new R("user", { of: a.object });
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a resource moved into a component",
    body(v, { R, G, pulumi }) {
      if (v === "1") new R("a", { size: 1 });
      else new R("a", { size: 1 }, { parent: new G("g"), aliases: [{ parent: pulumi.rootStackResource }] });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a resource moved out of a component",
    body(v, { R, G }) {
      const g = new G("g");
      if (v === "1") new R("a", { size: 1 }, { parent: g });
      else new R("a", { size: 1 }, { aliases: [{ parent: g }] });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "grandchildren of a renamed component",
    body(v, { R, G }) {
      const top = v === "1" ? new G("old") : new G("new", {}, { aliases: [{ name: "old" }] });
      const middle = new G(v === "1" ? "old-middle" : "new-middle", {}, { parent: top });
      new R(v === "1" ? "old-middle-leaf" : "new-middle-leaf", { size: 1 }, { parent: middle });
      new R("leaf", { size: 1 }, { parent: middle });
    },
    runs: [up("1"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a child that changes its own type under a renamed component",
    body(v, { R, G }) {
      const top = v === "1" ? new G("old") : new G("new", {}, { aliases: [{ name: "old" }] });
      if (v === "1") new R("old-leaf", { size: 1 }, { parent: top });
      else new R("new-leaf", { size: 1 }, { parent: top, aliases: [{ type: "test:index:R" }] }, "Keys");
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "an alias that is a whole URN",
    body(v, { R }) {
      if (v === "1") new R("old", { size: 1 });
      else new R("new", { size: 1 }, { aliases: ["urn:pulumi:dev::shop::test:index:R::old"] });
    },
    runs: [up("1"), up("2"), destroy("2")],
  },
  {
    name: "a resource renamed twice, with both names as aliases",
    body(v, { R }) {
      const names = ["a", "b", "c"].slice(0, Number(v));
      const name = names.pop() ?? "";
      new R(name, { size: 1 }, { aliases: names.map((old) => ({ name: old })) });
    },
    runs: [up("1"), up("2"), up("3"), destroy("3")],
  },
  {
    name: "a provider renamed by an alias",
    body(v, { R, P }) {
      const provider =
        v === "1" ? new P("old", { region: "a" }) : new P("new", { region: "a" }, { aliases: [{ name: "old" }] });
      new R("x", { size: 1 }, { provider });
    },
    runs: [up("1"), up("2"), up("2"), destroy("2")],
  },
  {
    name: "a resource renamed while it waits for the second half of a delete-before-replace",
    body(v, { R }) {
      const options = v === "3" ? { aliases: [{ name: "old" }] } : {};
      new R(v === "3" ? "new" : "old", { name: v === "1" ? "a" : "b" }, options, "First");
    },
    runs: [up("1"), up("2", { failing: ["create old"] }), up("3"), destroy("3")],
  },
  {
    name: "a resource of which a refresh runs before it is renamed",
    body(v, { R }) {
      if (v === "1") new R("old", { size: 1 });
      else new R("new", { size: 1 }, { aliases: [{ name: "old" }] });
    },
    runs: [up("1"), up("2", { refresh: true }), destroy("2")],
  },
];
