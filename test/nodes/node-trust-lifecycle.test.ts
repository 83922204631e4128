import { chmod, chown, lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { snapshot } from "./snapshot.ts";
import { TrustStack } from "./trust-stack.ts";

let authorities: Awaited<ReturnType<typeof temporaryFolder>>;
let ca: string;
let otherCa: string;
let root: Awaited<ReturnType<typeof temporaryFolder>>;
let certsDirectory: string;

beforeAll(async () => {
  authorities = await temporaryFolder();
  [ca, otherCa] = await Promise.all([makeAuthority(authorities.path, "ca"), makeAuthority(authorities.path, "other")]);
  return () => authorities[Symbol.asyncDispose]();
});

beforeEach(async () => {
  root = await temporaryFolder();
  certsDirectory = join(root.path, "etc", "docker", "certs.d");
});

afterEach(() => root[Symbol.asyncDispose]());

const settings = (changes: object = {}) => ({
  hosts: ["registry.test"],
  port: 5000,
  certificatePem: ca,
  connection: { type: "local" },
  certsDirectory,
  ...changes,
});

const fileOf = (host: string, port = 5000) => join(certsDirectory, port === 443 ? host : `${host}:${port}`, "ca.crt");
const owner = `${process.geteuid?.()}:${process.geteuid?.() === 0 ? 0 : process.getegid?.()}`;

/** A ca.crt that somebody else made. */
async function someoneElses(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}

describe("on a fresh node", () => {
  it("writes ca.crt for every host, 0444 in folders 0755, and takes everything away again", async () => {
    const before = await snapshot(root.path);
    const stack = new TrustStack();
    const umask = process.umask(0o077);
    try {
      await stack.up(settings({ hosts: ["registry.test", "10.0.0.1", "::1"] }));
    } finally {
      process.umask(umask);
    }
    expect(await snapshot(root.path)).toEqual({
      etc: `folder 0755 ${owner}`,
      "etc/docker": `folder 0755 ${owner}`,
      "etc/docker/certs.d": `folder 0755 ${owner}`,
      ...Object.fromEntries(
        ["registry.test:5000", "10.0.0.1:5000", "[::1]:5000"].flatMap((folder) => [
          [`etc/docker/certs.d/${folder}`, `folder 0755 ${owner}`],
          [`etc/docker/certs.d/${folder}/ca.crt`, `file 0444 ${owner} ${ca}`],
        ]),
      ),
    });
    await stack.down();
    expect(await snapshot(root.path)).toEqual(before);
  });

  it("keeps a folder that was there, even when it is empty", async () => {
    await mkdir(certsDirectory, { recursive: true, mode: 0o700 });
    const before = await snapshot(root.path);
    const stack = new TrustStack();
    await stack.up(settings());
    await stack.down();
    expect(await snapshot(root.path)).toEqual(before);
  });

  it("leaves the folder when somebody put something beside ca.crt", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await writeFile(join(dirname(fileOf("registry.test")), "client.key"), "theirs");
    await stack.down();
    const left = Object.keys(await snapshot(certsDirectory));
    expect(left).toEqual(["registry.test:5000", "registry.test:5000/client.key"]);
  });

  it("changes nothing on a second run", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    const { mtimeMs, ino } = await lstat(fileOf("registry.test"));
    expect(await stack.up(settings())).toBe("none");
    await stack.refresh();
    expect(await stack.up(settings())).toBe("none");
    expect(await lstat(fileOf("registry.test"))).toMatchObject({ mtimeMs, ino });
  });

  it("adds the line feed that a certificate lacks", async () => {
    await new TrustStack().up(settings({ certificatePem: ca.trimEnd() }));
    expect(await readFile(fileOf("registry.test"), "utf8")).toBe(ca);
  });
});

describe("a change of", () => {
  it.each([
    ["hosts (one more)", "update", () => ({ hosts: ["registry.test", "second.test"] })],
    ["hosts (another one)", "update", () => ({ hosts: ["second.test"] })],
    ["port", "update", () => ({ port: 443 })],
    ["certificatePem", "update", () => ({ certificatePem: otherCa })],
    ["certsDirectory", "replace", () => ({ certsDirectory: join(root.path, "moved") })],
    ["adopt", "update", () => ({ adopt: true })],
  ])("%s makes an engine %s and leaves what a first run would have made", async (_, action, change) => {
    const changes = change();
    const stack = new TrustStack();
    await stack.up(settings());
    expect(await stack.up(settings(changes))).toBe(action);
    const changed = await snapshot(root.path);
    expect(await stack.up(settings(changes))).toBe("none");
    await stack.down();
    expect(await snapshot(root.path)).toEqual({});
    await new TrustStack().up(settings(changes));
    expect(changed).toEqual(await snapshot(root.path));
  });

  it("certificatePem is announced with the file's name", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await stack.up(settings({ certificatePem: otherCa }));
    expect(stack.log).toContain(`info: ${fileOf("registry.test")} holds another certificate: it will be written again`);
  });
});

describe("a ca.crt that was there before", () => {
  it("is refused when it holds another certificate, at preview and with the ways out", async () => {
    await someoneElses(fileOf("registry.test"), otherCa);
    const before = await snapshot(root.path);
    const [problem, ...more] = await new TrustStack().problems(settings({ hosts: ["second.test", "registry.test"] }));
    expect(more).toEqual([]);
    expect(problem).toMatch(
      /^hosts: .*registry\.test:5000\/ca\.crt is there already and holds the certificate "O=Test, CN=other", valid until \d{4}-\d\d-\d\d\. Remove it, or set "trust\.adopt: true"/,
    );
    expect(await snapshot(root.path)).toEqual(before);
  });

  it("is refused at up, before anything is touched, when it came after the preview", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await someoneElses(fileOf("second.test"), otherCa);
    const before = await snapshot(root.path);
    const hosts = ["third.test", "second.test"];
    await expect(stack.up(settings({ hosts }))).rejects.toThrow(/second\.test:5000\/ca\.crt is there already/);
    expect(await snapshot(root.path)).toEqual(before);
    await rm(fileOf("second.test"));
    expect(await stack.up(settings({ hosts }))).toBe("update");
  });

  it("is refused when it holds no certificate, adopted or not", async () => {
    await someoneElses(fileOf("registry.test"), "not a certificate\n");
    expect(await new TrustStack().problems(settings())).toEqual([
      expect.stringContaining("is there already and holds no certificate"),
    ]);
    expect(await new TrustStack().problems(settings({ adopt: true }))).toEqual([
      expect.stringContaining("can't be adopted: it holds no certificate"),
    ]);
  });

  it("is never adopted when it holds a private key, which must not get into the state", async () => {
    const key = await readFile(join(authorities.path, "other.key"), "utf8");
    await someoneElses(fileOf("registry.test"), `${otherCa}${key}`);
    expect(await new TrustStack().problems(settings({ adopt: true }))).toEqual([
      expect.stringContaining("can't be adopted: it holds a private key"),
    ]);
  });

  it.each([
    ["byte for byte", (text: string) => text, 0o444],
    ["but for its mode", (text: string) => text, 0o640],
    ["but for text around the certificate", (text: string) => `# ours\n${text}\n`, 0o644],
  ])("is used when it is the same %s, and is as before after teardown", async (_, vary, mode) => {
    await someoneElses(fileOf("registry.test"), vary(ca), mode);
    const before = await snapshot(root.path);
    const stack = new TrustStack();
    await stack.up(settings());
    expect(await snapshot(dirname(fileOf("registry.test")))).toEqual({ "ca.crt": `file 0444 ${owner} ${ca}` });
    expect(await stack.up(settings())).toBe("none");
    await stack.down();
    expect(await snapshot(root.path)).toEqual(before);
  });

  it("is replaced with adopt, through later changes, and put back with its mode and owner", async () => {
    await someoneElses(fileOf("registry.test"), `theirs\r\n${otherCa}`, 0o640);
    if (process.geteuid?.() === 0) await chown(fileOf("registry.test"), 1234, 4321);
    const before = await snapshot(root.path);
    const stack = new TrustStack();
    await stack.up(settings({ adopt: true }));
    expect(await readFile(fileOf("registry.test"), "utf8")).toBe(ca);
    await stack.up(settings({ adopt: true, certificatePem: `${ca}${otherCa}` }));
    await stack.refresh();
    await stack.up(settings({ certificatePem: `${ca}${otherCa}`, hosts: ["registry.test", "second.test"] }));
    expect(await readFile(fileOf("registry.test"), "utf8")).toBe(`${ca}${otherCa}`);
    await stack.up(settings({ hosts: ["second.test"] }));
    expect(await snapshot(dirname(fileOf("registry.test")))).toEqual(
      Object.fromEntries(
        Object.entries(before)
          .filter(([path]) => path.endsWith("ca.crt"))
          .map(([, file]) => ["ca.crt", file]),
      ),
    );
    await stack.down();
    expect(await snapshot(root.path)).toEqual(before);
  });
});

describe("a file that was changed since", () => {
  const changes: [string, (path: string) => Promise<void>, string][] = [
    ["removed", (path) => rm(path), "is gone"],
    ["removed with its folder", (path) => rm(dirname(path), { recursive: true }), "is gone"],
    ["given another mode", (path) => chmod(path, 0o644), "has mode 0644 instead of 0444"],
    ["rewritten", (path) => someoneElses(path, otherCa, 0o444), "was changed by someone else"],
  ];
  if (process.geteuid?.() === 0) changes.push(["given away", (path) => chown(path, 1, 1), "belongs to 1:1 instead of"]);

  it.each(changes)("%s: refresh sees it, up says why and mends it, down leaves nothing", async (_, change, reason) => {
    const stack = new TrustStack();
    const hosts = ["registry.test", "second.test"];
    await stack.up(settings({ hosts }));
    const before = await snapshot(root.path);
    await change(fileOf("registry.test"));
    await stack.refresh();
    expect(await stack.up(settings({ hosts }))).toBe("update");
    expect(stack.log.join("\n")).toContain(`info: ${fileOf("registry.test")} ${reason}`);
    expect(stack.log).toHaveLength(1);
    expect(await snapshot(root.path)).toEqual(before);
    await stack.down();
    expect(await snapshot(root.path)).toEqual({});
  });

  it("gone with everything else: refresh drops it from the state, up makes it again", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await rm(join(root.path, "etc"), { recursive: true });
    await stack.refresh();
    expect(stack.state).toBeUndefined();
    expect(await stack.up(settings())).toBe("create");
    await stack.down();
    expect(await snapshot(root.path)).toEqual({});
  });

  it("is not overwritten by a change of certificate before a refresh has shown it", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await someoneElses(fileOf("registry.test"), otherCa, 0o444);
    const changed = settings({ certificatePem: `${ca}${otherCa}` });
    await expect(stack.up(changed)).rejects.toThrow(/was changed by someone else since and holds the certificate/);
    expect(await readFile(fileOf("registry.test"), "utf8")).toBe(otherCa);
    await stack.refresh();
    expect(await stack.up(changed)).toBe("update");
    expect(await readFile(fileOf("registry.test"), "utf8")).toBe(`${ca}${otherCa}`);
  });

  it("is left alone with a warning when its host goes, refreshed or not", async () => {
    for (const refreshed of [false, true]) {
      const stack = new TrustStack();
      await stack.up(settings());
      await someoneElses(fileOf("registry.test"), otherCa);
      if (refreshed) await stack.refresh();
      await stack.down();
      expect(await readFile(fileOf("registry.test"), "utf8")).toBe(otherCa);
      const warning = `${fileOf("registry.test")} was changed by someone else since: it is left as it is.`;
      expect(stack.log).toEqual([`warning: ${warning}`]);
      await rm(join(root.path, "etc"), { recursive: true });
    }
  });

  it("was adopted and then removed by hand: it is not put back", async () => {
    await someoneElses(fileOf("registry.test"), otherCa);
    const stack = new TrustStack();
    await stack.up(settings({ adopt: true }));
    await rm(fileOf("registry.test"));
    await stack.refresh();
    await stack.up(settings({ adopt: true }));
    await stack.down();
    expect(await snapshot(certsDirectory)).toEqual({ "registry.test:5000": expect.stringContaining("folder") });
  });
});

describe("two resources in one certs.d", () => {
  it.each([
    ["first, second", [0, 1]],
    ["second, first", [1, 0]],
  ])("are made at the same time, go in the order %s, and leave nothing", async (_, order) => {
    await mkdir(dirname(certsDirectory), { recursive: true });
    const before = await snapshot(root.path);
    const stacks = [new TrustStack(), new TrustStack()];
    const all = [settings(), settings({ hosts: ["second.test"] })];
    await Promise.all(stacks.map((stack, i) => stack.up(all[i] ?? {})));
    for (const i of order) {
      await stacks[i]?.down();
      const left = stacks.flatMap(({ outputs }) => outputs.files ?? []);
      for (const { path } of left) expect(await readFile(path, "utf8")).toBe(ca);
    }
    expect(await snapshot(root.path)).toEqual(before);
  });
});

describe("what is no plain folder or file", () => {
  const cases: [string, () => Promise<void>][] = [
    [
      "a link instead of certs.d",
      async () => {
        await mkdir(dirname(certsDirectory), { recursive: true });
        await symlink(authorities.path, certsDirectory);
      },
    ],
    [
      "a link instead of the host's folder",
      async () => {
        await mkdir(certsDirectory, { recursive: true });
        await symlink(authorities.path, dirname(fileOf("registry.test")));
      },
    ],
    [
      "a link instead of ca.crt",
      async () => {
        await mkdir(dirname(fileOf("registry.test")), { recursive: true });
        await symlink(join(authorities.path, "ca.crt"), fileOf("registry.test"));
      },
    ],
    ["a folder instead of ca.crt", async () => void (await mkdir(fileOf("registry.test"), { recursive: true }))],
    ["a file instead of the host's folder", () => someoneElses(dirname(fileOf("registry.test")), ca)],
  ];

  it.each(cases)("%s is refused, adopted or not, and not touched", async (_, make) => {
    await make();
    const before = [await snapshot(root.path), await snapshot(authorities.path)];
    for (const adopt of [false, true]) {
      const problems = await new TrustStack().problems(settings({ adopt }));
      expect(problems).toEqual([expect.stringMatching(/^hosts: .* is (a symbolic link|a folder|a file): /)]);
    }
    expect([await snapshot(root.path), await snapshot(authorities.path)]).toEqual(before);
  });

  it("put in the file's place since is not followed on teardown", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await rm(fileOf("registry.test"));
    await symlink(join(authorities.path, "ca.crt"), fileOf("registry.test"));
    await stack.down();
    expect((await lstat(fileOf("registry.test"))).isSymbolicLink()).toBe(true);
    expect(stack.log).toEqual([expect.stringContaining("was changed by someone else since")]);
  });
});

describe("inputs", () => {
  it.each([
    ["hosts", { hosts: [] }, "must name at least one host"],
    ["hosts[1]", { hosts: ["a.test", "../../root"] }, "must be a DNS name or an IP address"],
    ["port", { port: 0 }, ""],
    ["certificatePem", { certificatePem: "no PEM" }, "must be certificates in PEM: this holds no certificate"],
    ["connection.type", { connection: { type: "ssh" } }, 'must be { type: "local" }'],
    ["certsDirectory", { certsDirectory: "certs.d" }, "must be an absolute path"],
    ["adopted", { adopted: true }, "is not a property of this resource"],
  ])("%s is refused when it is wrong", async (property, changes, reason) => {
    const problems = await new TrustStack().problems(settings(changes));
    expect(problems).toEqual([expect.stringContaining(`${property}: ${reason}`)]);
  });

  it("a private key given as the certificate is refused and not repeated", async () => {
    const key = await readFile(join(authorities.path, "ca.key"), "utf8");
    const problems = await new TrustStack().problems(settings({ certificatePem: key }));
    expect(problems).toEqual(["certificatePem: must be certificates in PEM: this holds a private key"]);
  });
});
