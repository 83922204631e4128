import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { snapshot } from "./snapshot.ts";
import { owner, TrustFixture } from "./trust-fixture.ts";
import { TrustStack } from "./trust-stack.ts";

const fixture = new TrustFixture();

describe("on a fresh node", () => {
  it("writes ca.crt for every host, 0444 in folders 0755, and removes everything again", async () => {
    const before = await snapshot(fixture.root);
    const stack = new TrustStack();
    const umask = process.umask(0o077);
    try {
      await stack.up(fixture.settings({ hosts: ["registry.test", "10.0.0.1", "::1"] }));
    } finally {
      process.umask(umask);
    }
    expect(await snapshot(fixture.root)).toEqual({
      etc: `folder 0755 ${owner}`,
      "etc/docker": `folder 0755 ${owner}`,
      "etc/docker/certs.d": `folder 0755 ${owner}`,
      ...Object.fromEntries(
        ["registry.test:5000", "10.0.0.1:5000", "[::1]:5000"].flatMap((folder) => [
          [`etc/docker/certs.d/${folder}`, `folder 0755 ${owner}`],
          [`etc/docker/certs.d/${folder}/ca.crt`, `file 0444 ${owner} ${fixture.ca}`],
        ]),
      ),
    });
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual(before);
  });

  it("keeps a folder that was there, even when it is empty", async () => {
    await mkdir(fixture.certsDirectory, { recursive: true, mode: 0o700 });
    const before = await snapshot(fixture.root);
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual(before);
  });

  it("leaves the folder when somebody put something beside ca.crt", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await writeFile(join(dirname(fixture.fileOf("registry.test")), "client.key"), "theirs");
    await stack.down();
    const left = Object.keys(await snapshot(fixture.certsDirectory));
    expect(left).toEqual(["registry.test:5000", "registry.test:5000/client.key"]);
  });

  it("changes nothing on a second run", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    const { mtimeMs, ino } = await lstat(fixture.fileOf("registry.test"));
    expect(await stack.up(fixture.settings())).toBe("none");
    await stack.refresh();
    expect(await stack.up(fixture.settings())).toBe("none");
    expect(await lstat(fixture.fileOf("registry.test"))).toMatchObject({ mtimeMs, ino });
  });

  it("adds the line feed that a certificate lacks", async () => {
    await new TrustStack().up(fixture.settings({ certificatePem: fixture.ca.trimEnd() }));
    expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(fixture.ca);
  });
});

describe("a change of", () => {
  it.each([
    ["hosts (one more)", "update", () => ({ hosts: ["registry.test", "second.test"] })],
    ["hosts (another one)", "update", () => ({ hosts: ["second.test"] })],
    ["port", "update", () => ({ port: 443 })],
    ["certificatePem", "update", () => ({ certificatePem: fixture.otherCa })],
    ["certsDirectory", "replace", () => ({ certsDirectory: join(fixture.root, "moved") })],
    ["adopt", "update", () => ({ adopt: true })],
  ])("%s makes an engine %s and leaves what a first run would have made", async (_, action, change) => {
    const changes = change();
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    expect(await stack.up(fixture.settings(changes))).toBe(action);
    const changed = await snapshot(fixture.root);
    expect(await stack.up(fixture.settings(changes))).toBe("none");
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual({});
    await new TrustStack().up(fixture.settings(changes));
    expect(changed).toEqual(await snapshot(fixture.root));
  });

  it("certificatePem is announced with the file's name", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await stack.up(fixture.settings({ certificatePem: fixture.otherCa }));
    expect(stack.log).toContain(`info: ${fixture.fileOf("registry.test")} will get the new certificate`);
  });
});

describe("two resources in one certs.d", () => {
  it.each([
    ["first, second", [0, 1]],
    ["second, first", [1, 0]],
  ])("are made at the same time, go in the order %s, and leave nothing", async (_, order) => {
    await mkdir(dirname(fixture.certsDirectory), { recursive: true });
    const before = await snapshot(fixture.root);
    const stacks = [new TrustStack(), new TrustStack()];
    const all = [fixture.settings(), fixture.settings({ hosts: ["second.test"] })];
    await Promise.all(stacks.map((stack, i) => stack.up(all[i] ?? {})));
    for (const i of order) {
      await stacks[i]?.down();
      const left = stacks.flatMap(({ outputs }) => outputs.files ?? []);
      for (const { path } of left) expect(await readFile(path, "utf8")).toBe(fixture.ca);
    }
    expect(await snapshot(fixture.root)).toEqual(before);
  });
});

describe("inputs", () => {
  it.each([
    ["hosts", { hosts: [] }, "must name at least one host"],
    ["hosts[1]", { hosts: ["a.test", "../../root"] }, "must be a DNS name or an IP address"],
    ["port", { port: 0 }, ""],
    ["certificatePem", { certificatePem: "no PEM" }, "must be certificates in PEM: this holds no certificate"],
    ["connection.type", { connection: { type: "telnet" } }, 'must be { type: "local" }'],
    ["certsDirectory", { certsDirectory: "certs.d" }, "must be an absolute path"],
    ["adopted", { adopted: true }, "is not a property of this resource"],
  ])("%s is refused when it is wrong", async (property, changes, reason) => {
    const problems = await new TrustStack().problems(fixture.settings(changes));
    expect(problems).toEqual([expect.stringContaining(`${property}: ${reason}`)]);
  });

  it("a private key given as the certificate is refused and not repeated", async () => {
    const key = await readFile(join(fixture.authorities, "ca.key"), "utf8");
    const problems = await new TrustStack().problems(fixture.settings({ certificatePem: key }));
    expect(problems).toEqual(["certificatePem: must be certificates in PEM: this holds a private key"]);
  });
});
