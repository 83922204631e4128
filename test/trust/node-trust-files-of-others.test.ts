import { chmod, chown, lstat, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeTrustDefinition } from "../../components/trust/node-trust-lifecycle.ts";
import { defineResource } from "../../lib/provider/define-resource.ts";
import { snapshot } from "./snapshot.ts";
import { owner, someoneElses, TrustFixture } from "./trust-fixture.ts";
import { TrustStack } from "./trust-stack.ts";

const fixture = new TrustFixture();

describe("a ca.crt that was there before", () => {
  it("is refused when it holds another certificate, at preview and with the ways out", async () => {
    await someoneElses(fixture.fileOf("registry.test"), fixture.otherCa);
    const before = await snapshot(fixture.root);
    const [problem, ...more] = await new TrustStack().problems(
      fixture.settings({ hosts: ["second.test", "registry.test"] }),
    );
    expect(more).toEqual([]);
    expect(problem).toMatch(
      /^hosts: .*registry\.test:5000\/ca\.crt is there already and holds the certificate "O=Test, CN=other", valid until \d{4}-\d\d-\d\d\. Remove it, or set adopt to true/,
    );
    expect(await snapshot(fixture.root)).toEqual(before);
  });

  it("is refused at the preview of a host that is added, and nothing is touched", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await someoneElses(fixture.fileOf("second.test"), fixture.otherCa);
    const before = await snapshot(fixture.root);
    const hosts = ["third.test", "second.test"];
    expect(await stack.problems(fixture.settings({ hosts }))).toEqual([
      expect.stringContaining(`${fixture.fileOf("second.test")} is there already`),
    ]);
    expect(await snapshot(fixture.root)).toEqual(before);
    await rm(fixture.fileOf("second.test"));
    expect(await stack.up(fixture.settings({ hosts }))).toBe("update");
  });

  it("is refused at up, before anything is touched, when it came after the preview", async () => {
    const { lifecycle } = defineResource(nodeTrustDefinition);
    await someoneElses(fixture.fileOf("registry.test"), fixture.otherCa);
    const before = await snapshot(fixture.root);
    const inputs = fixture.settings({ hosts: ["second.test", "registry.test"], adopt: false });
    const creation = lifecycle.create({ urn: "", log: () => {}, inputs, preview: false, timeout: 0 });
    await expect(creation).rejects.toThrow(/registry\.test:5000\/ca\.crt is there already/);
    expect(await snapshot(fixture.root)).toEqual(before);
  });

  it("is refused when it holds no certificate, adopted or not", async () => {
    await someoneElses(fixture.fileOf("registry.test"), "not a certificate\n");
    expect(await new TrustStack().problems(fixture.settings())).toEqual([
      expect.stringContaining("is there already and holds no certificate"),
    ]);
    expect(await new TrustStack().problems(fixture.settings({ adopt: true }))).toEqual([
      expect.stringContaining("can't be adopted: it holds no certificate"),
    ]);
  });

  it("is never adopted when it holds a private key, which must not get into the state", async () => {
    const key = await readFile(join(fixture.authorities, "other.key"), "utf8");
    await someoneElses(fixture.fileOf("registry.test"), `${fixture.otherCa}${key}`);
    expect(await new TrustStack().problems(fixture.settings({ adopt: true }))).toEqual([
      expect.stringContaining("can't be adopted: it holds a private key"),
    ]);
  });

  it.each([
    ["byte for byte", (text: string) => text, 0o444],
    ["but for its mode", (text: string) => text, 0o640],
    ["but for text around the certificate", (text: string) => `# ours\n${text}\n`, 0o644],
  ])("is used when it is the same %s, and is as before after teardown", async (_, vary, mode) => {
    await someoneElses(fixture.fileOf("registry.test"), vary(fixture.ca), mode);
    const before = await snapshot(fixture.root);
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    expect(await snapshot(dirname(fixture.fileOf("registry.test")))).toEqual({
      "ca.crt": `file 0444 ${owner} ${fixture.ca}`,
    });
    expect(await stack.up(fixture.settings())).toBe("none");
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual(before);
  });

  it("is replaced with adopt, through later changes, and put back with its mode and owner", async () => {
    await someoneElses(fixture.fileOf("registry.test"), `theirs\r\n${fixture.otherCa}`, 0o640);
    if (process.geteuid?.() === 0) await chown(fixture.fileOf("registry.test"), 1234, 4321);
    const before = await snapshot(fixture.root);
    const stack = new TrustStack();
    await stack.up(fixture.settings({ adopt: true }));
    expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(fixture.ca);
    await stack.up(fixture.settings({ adopt: true, certificatePem: `${fixture.ca}${fixture.otherCa}` }));
    await stack.refresh();
    await stack.up(
      fixture.settings({ certificatePem: `${fixture.ca}${fixture.otherCa}`, hosts: ["registry.test", "second.test"] }),
    );
    expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(`${fixture.ca}${fixture.otherCa}`);
    await stack.up(fixture.settings({ hosts: ["second.test"] }));
    expect(await snapshot(dirname(fixture.fileOf("registry.test")))).toEqual(
      Object.fromEntries(
        Object.entries(before)
          .filter(([path]) => path.endsWith("ca.crt"))
          .map(([, file]) => ["ca.crt", file]),
      ),
    );
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual(before);
  });
});

describe("a file that was changed since", () => {
  const changes: [string, (path: string) => Promise<void>, string][] = [
    ["removed", (path) => rm(path), "is gone"],
    ["removed with its folder", (path) => rm(dirname(path), { recursive: true }), "is gone"],
    ["given another mode", (path) => chmod(path, 0o644), "has mode 0644 instead of 0444"],
    ["rewritten", (path) => someoneElses(path, fixture.otherCa, 0o444), "was changed by someone else"],
  ];
  if (process.geteuid?.() === 0) changes.push(["given away", (path) => chown(path, 1, 1), "belongs to 1:1 instead of"]);

  it.each(changes)(
    "%s: refresh sees it, up says why and repairs it, down leaves nothing",
    async (_, change, reason) => {
      const stack = new TrustStack();
      const hosts = ["registry.test", "second.test"];
      await stack.up(fixture.settings({ hosts }));
      const before = await snapshot(fixture.root);
      await change(fixture.fileOf("registry.test"));
      await stack.refresh();
      expect(await stack.up(fixture.settings({ hosts }))).toBe("update");
      expect(stack.log.join("\n")).toContain(`info: ${fixture.fileOf("registry.test")} ${reason}`);
      expect(stack.log).toHaveLength(1);
      expect(await snapshot(fixture.root)).toEqual(before);
      await stack.down();
      expect(await snapshot(fixture.root)).toEqual({});
    },
  );

  it("gone with everything else: refresh drops it from the state, up makes it again", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await rm(join(fixture.root, "etc"), { recursive: true });
    await stack.refresh();
    expect(stack.state).toBeUndefined();
    expect(await stack.up(fixture.settings())).toBe("create");
    await stack.down();
    expect(await snapshot(fixture.root)).toEqual({});
  });

  it("is not overwritten by a change of certificate before a refresh has shown it", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await someoneElses(fixture.fileOf("registry.test"), fixture.otherCa, 0o444);
    const changed = fixture.settings({ certificatePem: `${fixture.ca}${fixture.otherCa}` });
    await expect(stack.up(changed)).rejects.toThrow(/was changed by someone else since and holds the certificate/);
    expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(fixture.otherCa);
    await stack.refresh();
    expect(await stack.up(changed)).toBe("update");
    expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(`${fixture.ca}${fixture.otherCa}`);
  });

  it("is left alone with a warning when its host goes, refreshed or not", async () => {
    for (const refreshed of [false, true]) {
      const stack = new TrustStack();
      await stack.up(fixture.settings());
      await someoneElses(fixture.fileOf("registry.test"), fixture.otherCa);
      if (refreshed) await stack.refresh();
      await stack.down();
      expect(await readFile(fixture.fileOf("registry.test"), "utf8")).toBe(fixture.otherCa);
      const warning = `${fixture.fileOf("registry.test")} was changed by someone else since: it is left as it is.`;
      expect(stack.log).toEqual([`warning: ${warning}`]);
      await rm(join(fixture.root, "etc"), { recursive: true });
    }
  });

  it("was adopted and then removed by hand: it is not put back", async () => {
    await someoneElses(fixture.fileOf("registry.test"), fixture.otherCa);
    const stack = new TrustStack();
    await stack.up(fixture.settings({ adopt: true }));
    await rm(fixture.fileOf("registry.test"));
    await stack.refresh();
    await stack.up(fixture.settings({ adopt: true }));
    await stack.down();
    expect(await snapshot(fixture.certsDirectory)).toEqual({ "registry.test:5000": expect.stringContaining("folder") });
  });
});

describe("what is no plain folder or file", () => {
  const cases: [string, () => Promise<void>][] = [
    [
      "a link instead of certs.d",
      async () => {
        await mkdir(dirname(fixture.certsDirectory), { recursive: true });
        await symlink(fixture.authorities, fixture.certsDirectory);
      },
    ],
    [
      "a link instead of the host's folder",
      async () => {
        await mkdir(fixture.certsDirectory, { recursive: true });
        await symlink(fixture.authorities, dirname(fixture.fileOf("registry.test")));
      },
    ],
    [
      "a link instead of ca.crt",
      async () => {
        await mkdir(dirname(fixture.fileOf("registry.test")), { recursive: true });
        await symlink(join(fixture.authorities, "ca.crt"), fixture.fileOf("registry.test"));
      },
    ],
    [
      "a folder instead of ca.crt",
      async () => void (await mkdir(fixture.fileOf("registry.test"), { recursive: true })),
    ],
    ["a file instead of the host's folder", () => someoneElses(dirname(fixture.fileOf("registry.test")), fixture.ca)],
  ];

  it.each(cases)("%s is refused, adopted or not, and not touched", async (_, make) => {
    await make();
    const before = [await snapshot(fixture.root), await snapshot(fixture.authorities)];
    for (const adopt of [false, true]) {
      const problems = await new TrustStack().problems(fixture.settings({ adopt }));
      expect(problems).toEqual([expect.stringMatching(/^hosts: .* is (a symbolic link|a folder|a file): /)]);
    }
    expect([await snapshot(fixture.root), await snapshot(fixture.authorities)]).toEqual(before);
  });

  it("put in the file's place since is not followed on teardown", async () => {
    const stack = new TrustStack();
    await stack.up(fixture.settings());
    await rm(fixture.fileOf("registry.test"));
    await symlink(join(fixture.authorities, "ca.crt"), fixture.fileOf("registry.test"));
    await stack.down();
    expect((await lstat(fixture.fileOf("registry.test"))).isSymbolicLink()).toBe(true);
    expect(stack.log).toEqual([expect.stringContaining("was changed by someone else since")]);
  });
});
