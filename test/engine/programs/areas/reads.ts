import type { Program } from "../harness/program.ts";
import { destroy, preview, refresh, up } from "../harness/program.ts";
import type { World } from "../harness/world.ts";

const somebodyElses = (world: World) => void world.objects.set("other-1", { size: 7, object: "theirs", version: 1 });

/** Objects that something else manages, and what a refresh finds. */
export const reads: Program[] = [
  {
    name: "an object that is only read",
    body(_v, { R }) {
      const x = R.of("x", "other-1");
      new R("user", { of: x.object });
      return { object: x.object };
    },
    runs: [preview("1", { world: somebodyElses }), up(), preview(), up(), refresh(), destroy()],
  },
  {
    name: "an object to read that is not there",
    body(_v, { R }) {
      R.of("x", "other-1");
    },
    runs: [preview(), up()],
  },
  {
    name: "an object to read whose id is not known yet",
    body(_v, { R }) {
      const made = new R("made", { size: 1 });
      R.of("x", made.id);
    },
    runs: [preview(), up(), preview(), up(), destroy()],
  },
  {
    name: "an object to read whose id is known and will change",
    body(v, { R }) {
      const made = new R("made", { name: v });
      R.of("x", made.id);
    },
    runs: [up("a"), preview("b"), up("b"), destroy("b")],
  },
  {
    name: "a resource that the stack made and now only reads, with the same id",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 });
      else R.of("x", "x-1");
    },
    runs: [up("1"), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "a resource that the stack made and now reads another one of",
    body(v, { R }) {
      if (v === "1") new R("x", { size: 1 });
      else R.of("x", "other-1");
    },
    runs: [up("1"), preview("2", { world: somebodyElses }), up("2"), destroy("2")],
  },
  {
    name: "an object that was only read and is now made",
    body(v, { R }) {
      if (v === "1") R.of("x", "other-1");
      else new R("x", { size: 1 });
    },
    runs: [up("1", { world: somebodyElses }), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "an object that is read no more",
    body(v, { R }) {
      if (v === "1") R.of("x", "other-1");
    },
    runs: [up("1", { world: somebodyElses }), preview("2"), up("2"), destroy("2")],
  },
  {
    name: "an object that is read and has changed",
    body(_v, { R }) {
      const x = R.of("x", "other-1");
      new R("user", { of: x.object });
    },
    runs: [
      up("1", { world: somebodyElses }),
      up("1", { world: (world) => void world.objects.set("other-1", { object: "new", version: 2 }) }),
      refresh(),
      destroy(),
    ],
  },
  {
    name: "a function",
    body(v, { R, pulumi }) {
      const answer = pulumi.runtime.invoke("test:index:echo", { value: v });
      new R("x", { of: pulumi.output(answer).apply((it) => it.echoed) });
    },
    runs: [preview("1"), up("1"), up("2"), destroy("2")],
  },
  {
    name: "a function of what is not known yet",
    body(_v, { R, pulumi }) {
      const x = new R("x", { size: 1 });
      const answer = pulumi.runtime.invokeOutput<{ echoed: string }>("test:index:echo", { value: x.object });
      new R("user", { of: answer.apply((it) => it.echoed) });
    },
    runs: [preview(), up(), destroy()],
  },
  {
    name: "a function that fails",
    body(_v, { R, pulumi }) {
      const answer = pulumi.runtime.invokeOutput<{ echoed: string }>("test:index:echo", { fail: true });
      new R("x", { of: answer.apply((it) => it.echoed) });
    },
    runs: [up()],
  },
  {
    name: "a refresh that finds nothing new",
    body(_v, { R, G }) {
      new R("x", { size: 1 }, { parent: new G("g") });
    },
    runs: [up(), refresh(), up()],
  },
  {
    name: "a refresh that finds other values, and the update after it",
    body(_v, { R }) {
      const x = new R("x", { size: 1 });
      new R("user", { of: x.version });
    },
    runs: [
      up(),
      refresh("1", { world: (world) => world.drift("x", { size: 9, extra: true }) }),
      preview(),
      up(),
      destroy(),
    ],
  },
  {
    name: "a refresh that finds an object gone, and the create after it",
    body(_v, { R }) {
      const x = new R("x", { size: 1 });
      new R("user", { of: x.object }, { deletedWith: x });
      new R("child", { size: 1 }, { parent: x });
    },
    runs: [up(), refresh("1", { world: (world) => world.remove("x") }), preview(), up(), destroy()],
  },
  {
    name: "a refresh that fails at one object",
    body(_v, { R }) {
      new R("x", { size: 1 });
      new R("y", { size: 1 });
    },
    runs: [
      up(),
      refresh("1", { failing: ["read x"], world: (world) => world.drift("y", { size: 2 }) }),
      refresh(),
      destroy(),
    ],
  },
  {
    name: "a refresh that finds an object not ready, and the update after it",
    body(_v, { R }) {
      new R("x", { size: 1 });
    },
    runs: [up(), refresh("1", { partial: ["read x"] }), preview(), up(), up(), destroy()],
  },
  {
    name: "a refresh while an object waits for its deletion",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [up("a"), up("b", { failing: ["delete x"] }), refresh("b"), up("b"), destroy("b")],
  },
  {
    name: "a refresh that finds the waiting object gone",
    body(v, { R }) {
      new R("x", { name: v });
    },
    runs: [
      up("a"),
      up("b", { failing: ["delete x"] }),
      refresh("b", { world: (world) => void world.objects.delete("x-1") }),
      up("b"),
      destroy("b"),
    ],
  },
  {
    name: "an up that refreshes first",
    body(v, { R }) {
      const x = new R("x", { size: v });
      new R("user", { of: x.object });
    },
    runs: [
      up("1"),
      preview("1", { refresh: true, world: (world) => world.drift("x", { size: "drifted" }) }),
      up("1", { refresh: true }),
      up("2", { refresh: true, world: (world) => world.remove("x") }),
      destroy("2"),
    ],
  },
  {
    name: "secrets that a refresh keeps",
    body(_v, { R, pulumi }) {
      new R("x", { secret: pulumi.secret("s"), open: 1 }, { additionalSecretOutputs: ["object"] });
    },
    runs: [up(), refresh(), refresh("1", { world: (world) => world.drift("x", { open: 2 }) }), up(), destroy()],
  },
];
