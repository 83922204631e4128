import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PropertyMap } from "../../../../lib/protocol/property-value.ts";
import { plainMap, sameValue, unknownValue } from "../../../../lib/protocol/property-value.ts";
import type { Change, Lifecycle } from "../../../../lib/provider/lifecycle.ts";
import { PartialFailure } from "../../../../lib/provider/lifecycle.ts";

/**
 * `name` (by default made up), `kind` (another one replaces), `value` and any others (updated in place),
 * `deleteFirst` (delete before replace), `invalid` (refused), `fail` (the operation that fails: "create",
 * "update", "delete" or "partial"), `delay` (milliseconds), `behave` ("crash", "hang").
 */
export const thing: Lifecycle = {
  async check({ oldInputs, newInputs, randomSeed, urn }) {
    const name =
      newInputs.name ??
      oldInputs.name ??
      `${urn.split("::").at(-1)}-${Buffer.from(randomSeed).toString("hex").slice(0, 7)}`;
    const failures = newInputs.invalid ? [{ property: "invalid", reason: "is not allowed" }] : [];
    return { inputs: { ...newInputs, name }, failures };
  },
  async diff({ oldInputs, newInputs, ignoreChanges }) {
    const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])];
    const changes = keys
      .filter((key) => !ignoreChanges.includes(key) && !sameValue(oldInputs[key], newInputs[key]))
      .map(
        (key): Change => ({ path: key, kind: "update", inputDiff: true, replaces: key === "kind" || key === "name" }),
      );
    const replaces = changes.some((change) => change.replaces);
    const action = replaces ? "replace" : changes.length > 0 ? "update" : "none";
    return { action, changes, deleteBeforeReplace: plainMap(newInputs).deleteFirst === true };
  },
  async create({ inputs, preview, urn }) {
    if (preview) return { id: "", outputs: { ...inputs, object: unknownValue } };
    const plain = plainMap(inputs);
    const file = fileOf(String(plain.name));
    await begin("create", plain);
    if (existsSync(file)) throw new Error(`an object named ${plain.name} exists`);
    writeFileSync(file, JSON.stringify({ urn, ...plain }));
    await finish("create", plain);
    const outputs = { ...inputs, object: `object of ${plain.name}` };
    if (plain.fail === "partial") throw new PartialFailure("it is not healthy", String(plain.name), outputs);
    return { id: String(plain.name), outputs };
  },
  async update({ id, newInputs, preview, urn }) {
    const plain = plainMap(newInputs);
    if (!preview) {
      await begin("update", plain);
      writeFileSync(fileOf(id), JSON.stringify({ urn, ...plain }));
      await finish("update", plain);
    }
    return { ...newInputs, object: `object of ${id}` };
  },
  async read({ id, inputs, outputs }) {
    record(`read ${id}`);
    if (!existsSync(fileOf(id))) return undefined;
    const { urn: _, ...live } = JSON.parse(readFileSync(fileOf(id), "utf8")) as PropertyMap;
    const secret = Object.fromEntries(Object.entries(inputs).filter(([key, value]) => sameValue(value, live[key])));
    return {
      id,
      inputs: { ...live, ...secret },
      outputs: { ...outputs, ...live, ...secret, object: `object of ${id}` },
    };
  },
  async delete({ id, inputs }) {
    const plain = plainMap(inputs);
    await begin("delete", plain);
    rmSync(fileOf(id), { force: true });
    await finish("delete", plain);
  },
  async find({ urn, inputs }) {
    const name = String(plainMap(inputs).name);
    record(`find ${name}`);
    if (!existsSync(fileOf(name))) return undefined;
    const live = JSON.parse(readFileSync(fileOf(name), "utf8")) as PropertyMap;
    return live.urn === urn ? { id: name, outputs: { ...inputs, object: `object of ${name}` } } : undefined;
  },
};

export function worldFolder(): string {
  return process.env.TEST_WORLD ?? "/nonexistent";
}

export function objectsIn(world: string): string[] {
  return readdirSync(world)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length));
}

function fileOf(name: string): string {
  return join(worldFolder(), `${name}.json`);
}

function record(call: string): void {
  appendFileSync(join(worldFolder(), "calls.log"), `${call}\n`);
}

async function begin(operation: string, inputs: PropertyMap): Promise<void> {
  record(`${operation} ${inputs.name}`);
  if (inputs.fail === operation) throw new Error(`${operation} was told to fail`);
  if (inputs.behave === "crash") {
    console.error("the test provider crashes");
    process.exit(7);
  }
  if (inputs.behave === "hang") await new Promise(() => {});
  await sleep(Number(inputs.delay ?? 0));
}

async function finish(operation: string, inputs: PropertyMap): Promise<void> {
  await sleep(Number(inputs.delay ?? 0));
  record(`${operation} ${inputs.name} done`);
}
