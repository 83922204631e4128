import type { Program, StateResource } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";

const of = (resources: StateResource[], name: string) => resources.filter(({ urn }) => urn.endsWith(`::${name}`));
const taint = (name: string) => (resources: StateResource[]) => {
  for (const resource of of(resources, name)) resource.taint = true;
};

/** States that `pulumi state` and others have edited. */
export const states: Program[] = [
  {
    name: "a tainted resource",
    body(_v, { R }) {
      const x = new R("x", { size: 1 });
      new R("user", { of: x.object });
    },
    runs: [up(), preview("1", { edit: taint("x") }), up(), up(), destroy()],
  },
  {
    name: "a tainted resource that deletes before it replaces",
    body(_v, { R }) {
      new R("x", { size: 1 }, {}, "First");
      new R("y", { size: 1 }, { deleteBeforeReplace: true });
    },
    runs: [up(), up("1", { edit: (all) => ["x", "y"].map((name) => taint(name)(all)) }), destroy()],
  },
  {
    name: "a tainted resource that is protected",
    body(_v, { R }) {
      new R("x", { size: 1 }, { protect: true });
    },
    runs: [up(), preview("1", { edit: taint("x") }), up()],
  },
  {
    name: "a tainted component",
    body(_v, { R, G }) {
      const g = new G("g");
      new R("x", { size: 1 }, { parent: g });
    },
    runs: [up(), preview("1", { edit: taint("g") }), up(), up(), destroy()],
  },
  {
    name: "a tainted resource that a refresh reads, and that is renamed",
    body(v, { R }) {
      new R(v === "1" ? "x" : "y", { size: 1 }, v === "1" ? {} : { aliases: [{ name: "x" }] });
    },
    runs: [up("1"), refresh("1", { edit: taint("x") }), up("2"), destroy("2")],
  },
  {
    name: "a tainted resource that is gone from the program",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 });
    },
    runs: [up("1"), up("2", { edit: taint("x") })],
  },
  {
    name: "a tainted resource with a made-up name",
    body(_v, { R }) {
      new R("x", { auto: true });
    },
    runs: [up(), up("1", { edit: taint("x") }), destroy()],
  },
  {
    name: "a resource that was taken out of the state",
    body(_v, { R }) {
      new R("x", { size: 1 });
      new R("y", { size: 1 });
    },
    runs: [
      up(),
      up("1", {
        edit: (resources) => {
          resources.splice(
            resources.findIndex(({ urn }) => urn.endsWith("::x")),
            1,
          );
        },
      }),
      destroy(),
    ],
  },
  {
    name: "a resource that was unprotected in the state",
    body(_v, { R }) {
      new R("x", { size: 1 }, { protect: true });
    },
    runs: [
      up(),
      destroy("1", {
        edit: (resources) => {
          for (const resource of of(resources, "x")) delete resource.protect;
        },
      }),
    ],
  },
  {
    name: "inputs that were changed in the state",
    body(_v, { R }) {
      new R("x", { size: 1 });
    },
    runs: [
      up(),
      preview("1", {
        edit: (resources) => {
          for (const resource of of(resources, "x")) resource.inputs = { size: 5 };
        },
      }),
      up(),
      destroy(),
    ],
  },
  {
    name: "fields that other versions have written",
    body(v, { R }) {
      new R("x", { size: v });
    },
    runs: [
      up("1"),
      up("1", {
        edit: (resources) => {
          for (const resource of of(resources, "x"))
            Object.assign(resource, { sourcePosition: "project:///index.ts#1,1", hideDiff: ["size"], importID: "old" });
        },
      }),
      up("2"),
      destroy("2"),
    ],
  },
];
