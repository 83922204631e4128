import { createHash } from "node:crypto";
import bcrypt from "bcryptjs";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { buildHtpasswd } from "../../components/users/build-htpasswd.ts";
import type { Users } from "../../components/users/user.ts";
import { startRegistry, whyNoRegistry } from "./registry-with-users.ts";
import { specialTexts } from "./special-text.ts";

const missing = await whyNoRegistry();

describe.skipIf(missing)(`A real registry${missing ? ` (skipped: ${missing})` : ""}`, () => {
  it("takes every user of the file with the right password only, however awkward the names and passwords are", async () => {
    const users: Users = {
      robot: { generated: true },
      spaces: { password: " a b ", cost: 4 },
      colons: { password: "a:b:", cost: 4 },
    };
    for (const text of specialTexts) users[text] = { password: text, cost: 4 };
    const { htpasswd, passwords } = await buildHtpasswd(users);
    await using registry = await startRegistry(htpasswd);
    for (const [name, password] of Object.entries(passwords)) {
      expect(await registry.login(name, password), name).toBe(200);
      expect(await registry.login(name, `${password.slice(0, 60)}x`), name).toBe(401);
    }
    expect(await registry.login("nobody", "hunter2")).toBe(401);
  });

  it("takes bcrypt hashes of each kind that the kit takes, at several costs", async () => {
    const hash = await bcrypt.hash("hunter2", 4);
    const users: Users = { dear: { password: "hunter2", cost: 12 }, chosen: { password: "hunter2" } };
    for (const prefix of ["$2a$", "$2b$", "$2y$"]) users[prefix] = { hash: hash.replace("$2b$", prefix) };
    await using registry = await startRegistry((await buildHtpasswd(users)).htpasswd);
    for (const name of Object.keys(users)) {
      expect(await registry.login(name, "hunter2"), name).toBe(200);
      expect(await registry.login(name, "hunter3"), name).toBe(401);
    }
  });

  it("does not take the hashes that the kit refuses", async () => {
    const { stdout: apache } = await execa("openssl", ["passwd", "-apr1", "hunter2"]);
    const { stdout: sha512 } = await execa("openssl", ["passwd", "-6", "hunter2"]);
    const sha = createHash("sha1").update("hunter2").digest("base64");
    const bcryptLine = `good:${await bcrypt.hash("hunter2", 4)}\n`;
    await using registry = await startRegistry(
      `${bcryptLine}apache:${apache}\nsha:{SHA}${sha}\nsha512:${sha512}\nplain:hunter2\n#comment:x\n`,
    );
    expect(await registry.login("good", "hunter2")).toBe(200);
    for (const name of ["apache", "sha", "sha512", "plain", "#comment"]) {
      expect(await registry.login(name, "hunter2"), name).toBe(401);
    }
  });
});
