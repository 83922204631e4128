import bcrypt from "bcryptjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { isSecret, makeSecret, plainMap } from "../../lib/protocol/property-value.ts";
import type { PluginClient, RecordedResource, ResourceClient } from "../provider/plugin-client.ts";
import { startPlugin } from "../provider/plugin-client.ts";
import { specialTexts } from "./special-text.ts";

const users = {
  moby: { generated: true },
  gordon: { password: makeSecret("hunter2"), cost: 4 },
  ada: { hash: makeSecret(bcrypt.hashSync("analytical", 4)) },
};

describe("Htpasswd over gRPC", () => {
  let plugin: PluginClient;
  let files: ResourceClient;
  let made: RecordedResource;

  beforeAll(async () => {
    plugin = await startPlugin();
    files = plugin.resource("registry-kit:users:Htpasswd");
    const { inputs, failures } = await files.check({ users });
    expect(failures).toEqual([]);
    made = await files.create(inputs);
  });
  afterAll(() => plugin[Symbol.asyncDispose]());

  const plain = (resource: RecordedResource) =>
    plainMap(resource.outputs) as {
      htpasswd: string;
      hashes: Record<string, string>;
      passwords: Record<string, string>;
    };

  it("keeps what was secret in the inputs secret, and everything but the names in the outputs", () => {
    expect(made.inputs).toEqual({ users });
    expect(
      Object.keys(made.outputs)
        .filter((key) => isSecret(made.outputs[key]))
        .toSorted(),
    ).toEqual(["hashes", "htpasswd", "passwords"]);
    expect(made.outputs.userNames).toEqual(["ada", "gordon", "moby"]);
    expect(made.id).not.toContain("moby");
  });

  it("finds no difference in unchanged users, reads the recorded state and deletes without complaint", async () => {
    expect(await files.diff(made, made.inputs)).toMatchObject({ action: "none" });
    expect(await files.update(made, made.inputs)).toEqual(made);
    expect(await files.read(made)).toEqual(made);
    await files.delete(made);
  });

  it.each<[string, PropertyMap, string[]]>([
    ["a user is added", { ...users, grace: { generated: true } }, ["grace"]],
    ["a user is removed", { moby: users.moby, ada: users.ada }, ["gordon"]],
    ["a password changes", { ...users, gordon: { password: makeSecret("hunter3"), cost: 4 } }, ["gordon"]],
    ["a cost changes", { ...users, gordon: { ...users.gordon, cost: 5 } }, ["gordon"]],
    ["a generation is raised", { ...users, moby: { generated: true, generation: 2 } }, ["moby"]],
    ["a hash changes", { ...users, ada: { hash: makeSecret(bcrypt.hashSync("engine", 4)) } }, ["ada"]],
    ["a user is given in another way", { ...users, ada: { generated: true } }, ["ada"]],
  ])("updates in place when %s, and touches nobody else", async (_what, news, changed) => {
    const { inputs } = await files.check({ users: news }, made.inputs);
    expect(await files.diff(made, inputs)).toMatchObject({ action: "update", properties: ["users"] });
    const updated = await files.update(made, inputs);
    const [before, after] = [plain(made).hashes, plain(updated).hashes];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    expect(names.filter((name) => before[name] !== after[name])).toEqual(changed);
    expect(updated.outputs.passwords).toSatisfy(isSecret);
    expect(await files.diff(updated, inputs)).toMatchObject({ action: "none" });
  });

  it("carries every awkward name and password unharmed", async () => {
    const awkward = Object.fromEntries(specialTexts.map((text) => [text, { password: makeSecret(text), cost: 4 }]));
    const { inputs, failures } = await files.check({ users: awkward });
    expect(failures).toEqual([]);
    const { htpasswd, passwords } = plain(await files.create(inputs));
    expect(passwords).toEqual(Object.fromEntries(specialTexts.map((text) => [text, text])));
    const lines = htpasswd.trimEnd().split("\n");
    expect(lines.map((line) => line.slice(0, line.lastIndexOf(":")))).toEqual(specialTexts.toSorted());
  });

  it("refuses all bad users at once, without a word of their secrets", async () => {
    const { failures } = await files.check({
      users: {
        "mo:by": { generated: true },
        gordon: { password: makeSecret("") },
        ada: { hash: makeSecret("{SHA}hunter2") },
        alan: { password: makeSecret("hunter2"), generated: true },
      },
    });
    expect(failures.map((failure) => failure.property).toSorted()).toEqual([
      "users.ada.hash",
      "users.alan",
      "users.gordon.password",
      "users.mo:by",
    ]);
    expect(JSON.stringify(failures)).not.toContain("hunter2");
  });
});
