import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStack } from "../../../engine/stack/open-stack.ts";
import { isProviderType } from "../../../lib/protocol/urn.ts";
import { isLong } from "../../support/long.ts";
import { rememberPassphrases } from "./harness/in-process.ts";
import { kinds } from "./harness/kinds.ts";
import { ProgramFolder } from "./harness/program-folder.ts";
import type { Node, RandomRun } from "./harness/random-program.ts";
import { bodyOf, edit, history, nameOfNode } from "./harness/random-program.ts";
import { runOnce } from "./harness/run-on-engine.ts";
import type { ServedWorld } from "./harness/serve-world.ts";
import { serveWorld } from "./harness/serve-world.ts";

vi.mock("../../../engine/program/run-program.ts", () => import("./harness/in-process.ts"));

/** `npm run test:long` looks at many more. */
const numRuns = isLong ? 500 : 10;

let served: ServedWorld;
beforeAll(async () => {
  rememberPassphrases();
  served = await serveWorld();
});
afterAll(() => served.close());

describe("random programs, with failures and kills", { timeout: 3_600_000 }, () => {
  it("leave a state that can be read, lose no object, delete none that the program has, and are empty the second time", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ nodes, runs }) => {
        using folder = new ProgramFolder({}, served.folder);
        served.enter(folder.world);
        const program = { body: () => bodyOf(nodes, kinds) };
        await runOnce(program, folder, { do: "up", v: "" });
        for (const run of runs) {
          for (const change of run.edits) edit(nodes, change);
          await runKilled(folder, program, nodes, run);
          await nothingIsOrphaned(folder);
        }
        const last = await runOnce(program, folder, { do: "up", v: "" });
        expect(last.errors).toEqual([]);
        await nothingIsOrphaned(folder);
        const expected = nodes.flatMap(({ present, kind, made }, i) =>
          present && kind !== "G" ? [`${i}-${made}`] : [],
        );
        expect(objectNames(folder)).toEqual(expected.sort());
        expect((await runOnce(program, folder, { do: "up", v: "" })).steps).toEqual([]);
        expect((await runOnce(program, folder, { do: "destroy", v: "" })).errors).toEqual([]);
        expect(objectNames(folder)).toEqual([]);
      }),
      { numRuns },
    );
  });
});

/** A run that is killed is one of which nothing counts that came after the kill. */
async function runKilled(
  folder: ProgramFolder,
  program: { body(): void },
  nodes: Node[],
  { failing, killedAt }: RandomRun,
): Promise<void> {
  const copy = join(folder.path, "copy");
  rmSync(copy, { recursive: true, force: true });
  let calls = 0;
  let objects: typeof folder.world.objects | undefined;
  folder.world.onCall = () => {
    if (calls++ !== killedAt) return;
    cpSync(folder.state, copy, { recursive: true });
    objects = new Map(folder.world.objects);
  };
  const names = nodes.flatMap((node, place) =>
    failing.filter((it) => it.place % nodes.length === place).map(({ call }) => `${call} ${nameOfNode(node)}`),
  );
  await runOnce(program, folder, { do: "up", v: "", failing: names });
  folder.world.onCall = () => {};
  if (!objects || !existsSync(copy)) return;
  folder.world.objects.clear();
  for (const [id, object] of objects) folder.world.objects.set(id, object);
  rmSync(folder.state, { recursive: true });
  cpSync(copy, folder.state, { recursive: true });
  rmSync(join(folder.state, ".pulumi", "locks"), { recursive: true, force: true });
}

/** Every object is in the state, or an operation that may have made it is. */
async function nothingIsOrphaned(folder: ProgramFolder): Promise<void> {
  const { environment } = folder;
  const stack = await openStack({
    projectDirectory: folder.path,
    stack: "dev",
    environment,
    backendUrl: `file://${folder.state}`,
  });
  const { resources, pending } = (await stack.load()).deployment;
  const known = new Set(resources.filter(({ type }) => !isProviderType(type)).map(({ id }) => id));
  const begun = pending.map(({ resource }) => resource.urn.split("::").at(-1));
  const lost = [...folder.world.objects.keys()].filter(
    (id) => !known.has(id) && !begun.includes(id.replace(/-\d+$/, "")),
  );
  expect(lost).toEqual([]);
}

/** The names that the objects were given; what there are two of stands twice. */
function objectNames(folder: ProgramFolder): string[] {
  return [...folder.world.objects.values()].map(({ name }) => String(name)).sort();
}
