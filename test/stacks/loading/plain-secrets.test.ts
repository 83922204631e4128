import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { plainSecretWarnings } from "../../../stacks/loading/plain-secrets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** What a preview says of a file with these settings; an engine hands over the same, decrypted. */
async function warnings(config: Record<string, unknown>): Promise<string[]> {
  await using folder = await temporaryFolder();
  writeFileSync(join(folder.path, "Pulumi.x.yaml"), stringify({ config }));
  const texts = Object.entries(config).map(([key, value]) => {
    const decrypted = JSON.stringify(value, (_, inner) => (inner?.secure ? "decrypted" : inner));
    return [key, typeof value === "string" ? value : decrypted];
  });
  return await plainSecretWarnings(Object.fromEntries(texts), { project: "kit", stack: "x", folder: folder.path });
}

describe("secrets in plain text", () => {
  it("are named once each, with the command that encrypts them, and without the value", async () => {
    const users = {
      moby: { generated: true },
      gordon: { password: "s3cret" },
      whale: { password: { secure: "v1:x" } },
    };
    expect(await warnings({ "kit:users": users, "kit:port": "5000", "aws:secretKey": "no setting of ours" })).toEqual([
      "users.gordon.password stands in stacks/Pulumi.x.yaml in plain text. To encrypt it there, type: " +
        "npm run config -- set 'users.gordon.password' --stack x",
    ]);
  });

  it("are found in settings that are JSON text, under unions and defaults, and under names that a shell would misread", async () => {
    const found = await warnings({
      "kit:users": JSON.stringify({ "it's.me": { password: "a" } }),
      "kit:tls": { provided: { certificate: "c", privateKey: "k" } },
    });
    expect(found.map((line) => line.slice(line.indexOf("set ")))).toEqual([
      `set 'users["it'\\''s.me"].password' --stack x`,
      "set 'tls.provided.privateKey' --stack x",
    ]);
  });

  it("are none where everything secret is encrypted, one by one or as a whole, or generated", async () => {
    expect(await warnings({ "kit:users": { moby: { generated: true } } })).toEqual([]);
    expect(await warnings({ "kit:users": { gordon: { password: { secure: "v1:x" } } } })).toEqual([]);
    expect(await warnings({ "kit:users": { secure: "v1:x" } })).toEqual([]);
  });
});
