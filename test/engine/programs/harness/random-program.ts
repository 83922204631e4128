import type { Resource } from "@pulumi/pulumi";
import fc from "fast-check";
import type { Kinds } from "./kinds.ts";
import type { Program } from "./program.ts";
import { destroy, refresh, up } from "./program.ts";

/** One resource of a random program. */
export interface Node {
  kind: "R" | "First" | "G";
  /** Its former names are aliases. */
  names: string[];
  /** A change of it replaces a resource. */
  made: number;
  /** A change of it updates a resource. */
  value: number;
  /** Places of earlier nodes: the last component among them is the parent, the others are dependencies. */
  needs: number[];
  present: boolean;
}

/** What happens to a program between two runs. */
export interface Edit {
  place: number;
  change: "remove" | "restore" | "update" | "replace" | "rename";
}

/** One `up`. */
export interface RandomRun {
  edits: Edit[];
  /** Places of nodes at which the provider fails. */
  failing: { place: number; call: "create" | "update" | "delete" }[];
  /** The engine is killed at this call; undefined: it is not. */
  killedAt: number | undefined;
}

const node = fc.record({
  kind: fc.constantFrom<Node["kind"]>("R", "R", "First", "G"),
  needs: fc.array(fc.nat(), { maxLength: 2 }),
});
const run: fc.Arbitrary<RandomRun> = fc.record({
  edits: fc.array(
    fc.record({
      place: fc.nat(),
      change: fc.constantFrom<Edit["change"]>("remove", "restore", "update", "replace", "rename"),
    }),
    { maxLength: 4 },
  ),
  failing: fc.array(
    fc.record({ place: fc.nat(), call: fc.constantFrom<"create" | "update" | "delete">("create", "update", "delete") }),
    { maxLength: 2 },
  ),
  killedAt: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
});

/** A program, and what becomes of it. */
export const history: fc.Arbitrary<{ nodes: Node[]; runs: RandomRun[] }> = fc
  .record({
    nodes: fc.array(node, { minLength: 2, maxLength: 7 }),
    runs: fc.array(run, { minLength: 1, maxLength: 4 }),
  })
  .map(({ nodes, runs }) => ({
    nodes: nodes.map(({ kind, needs }, i) => ({
      kind,
      names: [`n${i}`],
      made: 0,
      value: 0,
      needs: i === 0 ? [] : [...new Set(needs.map((place) => place % i))],
      present: true,
    })),
    runs,
  }));

export function edit(nodes: Node[], { place, change }: Edit): void {
  const target = nodes[place % nodes.length];
  if (!target) return;
  if (change === "remove") target.present = false;
  else if (change === "restore") target.present = true;
  else if (change === "update") target.value++;
  else if (change === "replace") target.made++;
  else if (target.present) target.names.push(`n${place % nodes.length}-${target.names.length}`);
}

/** A history as a program of the corpus, without failures and kills: what has begun by then is not the same in two runs of one engine. */
export function programOf({ nodes, runs }: { nodes: Node[]; runs: RandomRun[] }): Program {
  const stages = [nodes];
  for (const { edits } of runs) {
    const next = structuredClone(stages.at(-1) ?? []);
    for (const change of edits) edit(next, change);
    stages.push(next);
  }
  const last = String(stages.length - 1);
  return {
    name: "a random program",
    body: (v, kinds) => bodyOf(stages[Number(v)] ?? [], kinds),
    runs: [...stages.keys()].map((stage) => up(String(stage))).concat(refresh(last), destroy(last)),
  };
}

/** The name that a node has now. */
export function nameOfNode({ names }: Node): string {
  return names.at(-1) ?? "";
}

/** The nodes as a program. What needs a node that is gone does without it. */
export function bodyOf(nodes: Node[], { R, G }: Kinds): void {
  const made: (Resource | undefined)[] = [];
  for (const [i, item] of nodes.entries()) {
    const needed = item.needs.flatMap((place) => made[place] ?? []);
    const parent = needed.findLast((resource) => resource instanceof G);
    const aliases = item.names.slice(0, -1).map((name) => ({ name }));
    const options = { aliases, dependsOn: needed.filter((it) => it !== parent), ...(parent && { parent }) };
    const inputs = { name: `${i}-${item.made}`, value: item.value };
    if (!item.present) made.push(undefined);
    else if (item.kind === "G") made.push(new G(nameOfNode(item), {}, options));
    else {
      const source = needed.find((resource) => resource instanceof R);
      made.push(new R(nameOfNode(item), { ...inputs, ...(source && { of: source.object }) }, options, item.kind));
    }
  }
}
