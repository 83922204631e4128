import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SettingsFile } from "../../../scripts/project/settings-file.ts";
import { formatUsage } from "../../../scripts/status/format-usage.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function withFile(text: string, use: (file: SettingsFile) => void): Promise<string> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "Pulumi.dev.yaml");
  writeFileSync(path, text);
  use(new SettingsFile("dev", folder.path));
  return readFileSync(path, "utf8");
}

const counter = ["rotation", "certificate"];

it.each([
  ["an empty file", "", "config:\n  registry-kit:rotation:\n    certificate: 7\n"],
  ["an empty configuration", "config:\n", "config:\n  registry-kit:rotation:\n    certificate: 7\n"],
  [
    "an empty setting",
    "config:\n  registry-kit:rotation:\n",
    "config:\n  registry-kit:rotation:\n    certificate: 7\n",
  ],
  [
    "JSON text, as pulumi config set writes it",
    `config:\n  registry-kit:rotation: '{"authority":3}'\n`,
    "config:\n  registry-kit:rotation:\n    authority: 3\n    certificate: 7\n",
  ],
  [
    "comments",
    "# top\nconfig:\n  registry-kit:rotation: # why\n    certificate: 1 # once\n  # end\n",
    "# top\nconfig:\n  registry-kit:rotation:\n    # why\n    certificate: 7 # once\n  # end\n",
  ],
])("sets a setting in %s", async (_, before, after) => {
  expect(await withFile(before, (file) => file.set(counter, 7))).toBe(after);
});

it.each([
  ["that was not there before", "config:\n  registry-kit:port: 5000\n"],
  ["beside others", "config:\n  registry-kit:rotation:\n    authority: 3 # why\n"],
])("takes a setting out again %s", async (_, text) => {
  const after = await withFile(text, (file) => {
    file.set(counter, 7);
    file.unset(counter);
  });
  expect(after).toBe(text);
});

it("reads settings that are JSON text, and nothing that a setting does not hold itself", async () => {
  await withFile(`config:\n  registry-kit:storage: '{"volume":{"keep":false}}'\n`, (file) => {
    expect(file.get(["storage", "volume", "keep"])).toBe(false);
    expect(file.get(["storage", "constructor"])).toBeUndefined();
    expect(file.get(["storage", "volume", "keep", "more"])).toBeUndefined();
    expect(file.get(["users"])).toBeUndefined();
  });
});

it.each(["un ü", "../dev", ""])("refuses the stack name %j before any engine does", (name) => {
  expect(() => new SettingsFile(name)).toThrow(/a name has letters, digits/);
});

it.each([
  ["@hunter2", "column 5: a text that begins with @, `, % or another sign of YAML needs single quotes"],
  ["*hunter2", 'column 5: a text that begins with "*" needs quotes'],
  ['"hunter2\\$"', "column 13: a backslash must stand twice between double quotes"],
  ['"hunter2', "a quote, a bracket, a comma or a colon is missing"],
  ["a: hunter2", 'column 5: a text with ": " in it needs quotes'],
  ["{MD5}hunter2", "this does not belong here"],
  ["x\n  p: hunter2", "the same name stands here a second time"],
  ["hunter2\n---\na: b", "a second document begins here"],
  ["\n\tx: hunter2", "a tab begins the line"],
])("says where a file is no YAML, and shows no password: %j", async (written, words) => {
  const text = `config:\n  p: ${written}\n`.replace("  p: ", " p: ").replace("  p: h", " p: h");
  const error = await withFile(text, () => {}).catch((thrown) => thrown as Error);
  expect(error).toHaveProperty("message", expect.stringContaining(words));
  expect(error).toHaveProperty("message", expect.stringMatching(/^stacks\/Pulumi.dev.yaml is not valid YAML: line \d/));
  expect(String(error)).not.toContain("hunter2");
});

it("leaves a setting alone that is encrypted as a whole, and says what to type", async () => {
  const text = "config:\n  registry-kit:rotation:\n    secure: v1:abc\n";
  const after = await withFile(text, (file) => {
    expect(() => file.set(counter, 7)).toThrow(/npm run config -- unset rotation, then set its parts/);
  });
  expect(after).toBe(text);
});

it("prints user names as one word of a shell", () => {
  expect(usageOf({ userNames: ["it's $(me)"], passwords: { "it's $(me)": "x" } })).toContain(
    `  npm run --silent password -- 'it'\\''s $(me)' | docker login r:1 --username 'it'\\''s $(me)' --password-stdin`,
  );
});

describe("What up says to type", () => {
  it("pipes no password of a user who is known by a hash alone", () => {
    const usage = usageOf({ userNames: ["gordon", "moby"], passwords: { moby: "x" } });
    expect(usage.join("\n")).toContain("password -- moby | docker login r:1 --username moby");
    expect(usageOf({ userNames: ["gordon"], passwords: {} })).toContain("  docker login r:1 --username gordon");
    expect(usageOf({ userNames: [], passwords: {} }).join("\n")).not.toContain("login");
  });

  it("names the host that other machines reach, and cuts a list of 1,000 users", () => {
    const userNames = Array.from({ length: 1000 }, (_, i) => `user-${i}`);
    const usage = usageOf({
      userNames,
      hosts: ["localhost", "127.0.0.1", "registry.example.com"],
      caCertificate: "PEM",
    });
    expect(usage.at(-1)).toContain(
      "> ca.crt, and put that at /etc/docker/certs.d/registry.example.com:5000/ca.crt there",
    );
    expect(Math.max(...usage.map((line) => line.length))).toBeLessThan(200);
    expect(usageOf({ hosts: ["localhost"], caCertificate: "PEM" }).join("\n")).not.toContain("Other machines");
  });
});

function usageOf(registry: object): string[] {
  const made = { url: "https://r:1", port: 5000, hosts: ["r"], userNames: [], passwords: {}, acceptsPushes: true };
  const deployment = { registry: { ...made, dockerLogin: "docker login r:1", ...registry }, caches: [] };
  return formatUsage(deployment as unknown as Parameters<typeof formatUsage>[0], "dev", []);
}

it("has a digest that follows the settings, and nothing else in the file", async () => {
  await using folder = await temporaryFolder();
  const digest = (text: string) => {
    writeFileSync(join(folder.path, "Pulumi.dev.yaml"), text);
    return new SettingsFile("dev", folder.path).digest();
  };
  const first = digest("config:\n  registry-kit:port: 5000\n  registry-kit:name: a\n");
  expect(
    digest("encryptionsalt: v1:x\nconfig:\n  # other order\n  registry-kit:name: a\n  registry-kit:port: 5000\n"),
  ).toBe(first);
  expect(digest("config:\n  registry-kit:port: 5001\n  registry-kit:name: a\n")).not.toBe(first);
});
