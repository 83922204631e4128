import bcrypt from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildHtpasswd } from "../../components/users/build-htpasswd.ts";
import { generatePassword } from "../../components/users/generate-password.ts";
import type { Users } from "../../components/users/user.ts";
import { password, userName } from "./special-text.ts";

const update = async (olds: Users, news: Users) => {
  const old = await buildHtpasswd(olds);
  return { old, now: await buildHtpasswd(news, { users: olds, accounts: old }) };
};
const chosen = (text: string) => ({ password: text, cost: 4 });

describe("An htpasswd file", () => {
  it("holds for each user, and nobody else, a line whose hash is the password's", async () => {
    const users = fc.dictionary(userName, password.map(chosen), { minKeys: 1, maxKeys: 6, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(users, async (given) => {
        const { htpasswd, userNames, passwords, hashes } = await buildHtpasswd(given);
        expect(htpasswd.endsWith("\n")).toBe(true);
        const lines = htpasswd.slice(0, -1).split("\n");
        const read = new Map(
          lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
        );
        expect([...read.keys()]).toEqual(Object.keys(given).toSorted());
        expect(userNames).toEqual([...read.keys()]);
        expect(hashes).toEqual(Object.fromEntries(read));
        for (const [name, hash] of read) {
          expect(hash).toMatch(/^\$2b\$04\$[./A-Za-z0-9]{53}$/);
          expect(await bcrypt.compare(given[name]?.password ?? "", hash)).toBe(true);
          expect(await bcrypt.compare(`${given[name]?.password.slice(0, 60)}x`, hash)).toBe(false);
        }
        expect(passwords).toEqual(
          Object.fromEntries(Object.entries(given).map(([name, user]) => [name, user.password])),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("is the same again after an update that changes nothing", async () => {
    const hash = await bcrypt.hash("x", 4);
    const users = fc.dictionary(
      userName,
      fc.oneof(password.map(chosen), fc.constant({ generated: true as const }), fc.constant({ hash })),
      { minKeys: 1, maxKeys: 5, noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(users, async (given) => {
        const { old, now } = await update(given, given);
        expect(now).toEqual(old);
      }),
      { numRuns: 30 },
    );
  });

  it("hashes chosen passwords with cost 10, generated ones with cost 4, unless told otherwise", async () => {
    const { hashes } = await buildHtpasswd({
      chosen: { password: "a" },
      generated: { generated: true },
      cheap: { password: "a", cost: 5 },
      dear: { generated: true, cost: 6 },
    });
    const costs = Object.fromEntries(Object.entries(hashes).map(([name, hash]) => [name, bcrypt.getRounds(hash)]));
    expect(costs).toEqual({ chosen: 10, generated: 4, cheap: 5, dear: 6 });
  });
});

describe("An update", () => {
  it("adds, changes and removes users without touching the hash of another", async () => {
    const olds: Users = { kept: chosen("a"), robot: { generated: true }, changed: chosen("b"), removed: chosen("c") };
    const news: Users = { kept: chosen("a"), robot: { generated: true }, changed: chosen("B"), added: chosen("d") };
    const { old, now } = await update(olds, news);
    expect(now.userNames).toEqual(["added", "changed", "kept", "robot"]);
    expect(now.hashes.kept).toBe(old.hashes.kept);
    expect([now.hashes.robot, now.passwords.robot]).toEqual([old.hashes.robot, old.passwords.robot]);
    expect(now.hashes.changed).not.toBe(old.hashes.changed);
    expect(await bcrypt.compare("B", now.hashes.changed ?? "")).toBe(true);
    expect(now.htpasswd).not.toContain("removed");
    expect(now.passwords).not.toHaveProperty("removed");
  });

  it("hashes the same password again when the cost changes", async () => {
    const olds: Users = { chosen: chosen("a"), robot: { generated: true } };
    const { old, now } = await update(olds, {
      chosen: { password: "a", cost: 5 },
      robot: { generated: true, cost: 5 },
    });
    expect(now.passwords).toEqual(old.passwords);
    for (const name of ["chosen", "robot"]) {
      expect(bcrypt.getRounds(now.hashes[name] ?? "")).toBe(5);
      expect(await bcrypt.compare(old.passwords[name] ?? "", now.hashes[name] ?? "")).toBe(true);
    }
  });

  it.each([
    ["raised", { generated: true, generation: 2 }, { generated: true, generation: 3 }, false],
    ["raised from none", { generated: true }, { generated: true, generation: 2 }, false],
    ["given as 1", { generated: true }, { generated: true, generation: 1 }, true],
    ["lowered", { generated: true, generation: 3 }, { generated: true, generation: 2 }, true],
  ] satisfies [string, Users[string], Users[string], boolean][])(
    "with a generation %s: keeps the generated password or not",
    async (_how, olds, news, kept) => {
      const { old, now } = await update({ moby: olds }, { moby: news });
      expect(now.passwords.moby === old.passwords.moby).toBe(kept);
      expect(now.hashes.moby === old.hashes.moby).toBe(kept);
      expect(await bcrypt.compare(now.passwords.moby ?? "", now.hashes.moby ?? "")).toBe(true);
    },
  );

  it("generates a new password for a user who had chosen one", async () => {
    const { now } = await update({ moby: chosen("a") }, { moby: { generated: true } });
    expect(now.passwords.moby).toMatch(/^[A-Za-z0-9]{27}$/);
  });

  it("keeps a hash that was given when the password that now comes is the hash's", async () => {
    const hash = (await bcrypt.hash("a", 5)).replace("$2b$", "$2y$");
    const { old, now } = await update({ moby: { hash } }, { moby: { password: "a", cost: 5 } });
    expect(old).toEqual({ htpasswd: `moby:${hash}\n`, hashes: { moby: hash }, passwords: {}, userNames: ["moby"] });
    expect(now).toEqual({ ...old, passwords: { moby: "a" } });
    expect((await update({ moby: { hash } }, { moby: { password: "b", cost: 5 } })).now.hashes.moby).not.toBe(hash);
  });

  it("forgets the password of a user who is now given by hash", async () => {
    const hash = await bcrypt.hash("b", 4);
    const { now } = await update({ moby: chosen("a") }, { moby: { hash } });
    expect(now).toMatchObject({ hashes: { moby: hash }, passwords: {} });
  });
});

it("generates passwords of 27 letters and digits, never twice the same", () => {
  const generated = Array.from({ length: 500 }, generatePassword);
  for (const text of generated) expect(text).toMatch(/^[A-Za-z0-9]{27}$/);
  expect(new Set(generated).size).toBe(500);
  expect(new Set(generated.join("")).size).toBe(62);
});
