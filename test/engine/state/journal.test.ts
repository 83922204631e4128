import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deployment, EncryptedDeployment } from "../../../engine/state/checkpoint.ts";
import { CheckpointWriter } from "../../../engine/state/checkpoint.ts";
import type { Changes } from "../../../engine/state/journal.ts";
import { Journal, journalOf } from "../../../engine/state/journal.ts";
import { replayJournal } from "../../../engine/state/replay-journal.ts";
import type { PendingOperation, ResourceState } from "../../../engine/state/resource-state.ts";
import { StackState } from "../../../engine/state/stack-state.ts";

const writer = new CheckpointWriter({ encrypt: (map) => map }, "organization/shop/dev", "");
const parse = (deployment: Deployment) =>
  JSON.parse([...writer.renderDeployment(deployment)].join("")) as EncryptedDeployment;
const resource = (name: string, value = 0): ResourceState => ({
  urn: `urn:pulumi:dev::shop::t:i:T::${name}`,
  type: "t:i:T",
  custom: true,
  id: name,
  inputs: { value },
  outputs: {},
});
const pending = (state: ResourceState): PendingOperation => ({ resource: state, type: "creating" });
const header = (id: string, version = 1) => `${JSON.stringify({ journal: id, version })}\n`;

const initial: Deployment = {
  resources: Array.from({ length: 6 }, (_, i) => ({ ...resource(`r${i % 5}`), ...(i === 5 && { delete: true }) })),
  pending: [pending(resource("p"))],
};

/** What steps do to a state; the number decides to which resource. */
function stepsOn(state: StackState): ((number: number) => void)[] {
  const running: PendingOperation[] = [];
  const urn = (name: string) => resource(name).urn;
  const onOld = (number: number, change: (old: ResourceState) => void) => {
    const old = state.remaining()[number];
    if (old) change(old);
  };
  return [
    (number) => state.register(resource(`r${number}`, number)),
    (number) => state.registerReplacement(resource(`r${number}`, number)),
    (number) => state.adopt(resource(`r${number}`, number)),
    (number) => state.rename(urn(`r${number}`), urn(`s${number}`)),
    (number) => onOld(number, (old) => state.amend(old, { ...old, inputs: { value: "amended" } })),
    (number) => onOld(number, (old) => state.forget(old)),
    (number) => {
      const operation = pending(resource(`r${number}`));
      running.push(operation);
      void state.begin(operation);
    },
    () => {
      const operation = running.shift();
      if (operation) state.end(operation);
    },
  ];
}

describe("a journal", () => {
  it("says after each commit what the state says, whatever the steps", async () => {
    const commits = fc.array(fc.array(fc.tuple(fc.nat(7), fc.nat(9)), { minLength: 1, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(commits, async (plan) => {
        const lines: string[] = [];
        const append = async (changes: Changes) => void lines.push(writer.renderChanges(changes));
        const state = new StackState(initial, { append });
        const steps = stepsOn(state);
        for (const commit of plan) {
          for (const [step, number] of commit) steps[step]?.(number);
          await state.save();
          const torn = '{"n0":{"urn'; // what was being written when the run was killed
          const text = `${header("id")}${lines.join("\n")}\n${torn}`;
          const { manifest: _, ...replayed } = replayJournal(parse(initial), "id", text, "f");
          const { manifest: __, ...expected } = parse(state.deployment());
          expect(replayed).toEqual(expected);
        }
      }),
    );
  });

  it("costs the same in a small and in a big state", async () => {
    const sizes = await Promise.all(
      [10, 1000].map(async (count) => {
        const resources = Array.from({ length: count }, (_, i) => resource(`r${i}`));
        let size = 0;
        const append = async (changes: Changes) => {
          size = writer.renderChanges(changes).length;
        };
        const state = new StackState({ resources, pending: [] }, { append });
        state.register(resource("r3", 1));
        await state.save();
        return size;
      }),
    );
    expect(sizes[1]).toBe(sizes[0]);
  });

  it("is named by the state it belongs to, and has a line for each commit", async () => {
    const folder = mkdtempSync(join(tmpdir(), "journal-test-"));
    try {
      const path = join(folder, "dev.json.journal");
      const journal = await Journal.create(path);
      await journal.append('{"o0":null}');
      await journal.close();
      expect(journalOf([journal.feature])).toBe(journal.id);
      expect(readFileSync(path, "utf8")).toBe(`${header(journal.id)}{"o0":null}\n`);
      const text = readFileSync(path, "utf8");
      const deployment = parse({ resources: [resource("a"), resource("b")], pending: [] });
      expect(replayJournal(deployment, journal.id, text, path).resources).toEqual(deployment.resources?.slice(1));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    { name: "is missing", text: undefined, message: "is missing" },
    { name: "is empty", text: "", message: "is that of another run" },
    { name: "is that of another run", text: header("other"), message: "is that of another run" },
    { name: "has a newer version", text: header("id", 2), message: "has version 2" },
    { name: "is damaged inside", text: `${header("id")}{"n0":\n{}\n`, message: "is damaged in line 2" },
    { name: "has an unknown entry", text: `${header("id")}{"x0":null}\n`, message: 'has the unknown entry "x0"' },
  ])("that $name is refused, and nothing is guessed", ({ text, message }) => {
    expect(() => replayJournal(parse({ resources: [], pending: [] }), "id", text, "f")).toThrow(message);
  });
});
