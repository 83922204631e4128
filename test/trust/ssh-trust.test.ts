import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PartialFailure } from "../../lib/provider/lifecycle.ts";
import { pollUntil } from "../support/namespace.ts";
import { makeAuthority } from "../support/openssl-certificates.ts";
import { ProcessWatch } from "../support/process-watch.ts";
import type { SshKeys, SshNode } from "../support/ssh-node.ts";
import { breakAfterMove, makeSshKeys, sshNodeObstacle, startSshd, startSshNode } from "../support/ssh-node.ts";
import { snapshot } from "./snapshot.ts";
import { TrustStack } from "./trust-stack.ts";

const obstacle = await sshNodeObstacle();

describe.skipIf(obstacle)(`a node by ssh${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 120_000 }, () => {
  let keys: SshKeys;
  let node: SshNode;
  let ca: string;
  let otherCa: string;

  beforeAll(async () => {
    keys = await makeSshKeys();
    node = await startSshNode(keys);
    ca = await makeAuthority(keys.folder, "ca");
    otherCa = await makeAuthority(keys.folder, "second");
  });
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await keys?.[Symbol.asyncDispose]();
  });
  beforeEach(() => node.run("rm -rf /etc/docker/* /etc/containers /etc/containerd"));

  /** Inputs for this node; `login` over what is usual. */
  function settings(login: object = {}, changes: object = {}) {
    return {
      hosts: ["registry.test"],
      port: 5000,
      certificatePem: ca,
      connection: node.connection,
      login: { ...node.login, ...login },
      ...changes,
    };
  }

  const docker = () => snapshot(join(node.root, "etc/docker"));

  /** What `up` said of a login that does not work, and that the preview had warned of it without being an error. */
  async function refusal(login: object, changes: object = {}): Promise<string> {
    const stack = new TrustStack();
    expect(await stack.problems(settings(login, changes))).toEqual([]);
    const error = await stack.up(settings(login, changes)).catch((reason: Error) => reason.message);
    expect(stack.log[0]).toBe(`warning: ${error} It will be tried again.`);
    return String(error);
  }

  it.each([
    ["root", {}],
    ["a user with sudo", { user: "kit-free", sudo: true }],
    ["a user with sudo and a password", { user: "kit-admin", sudo: true, sudoPassword: "let me in" }],
  ])(
    "as %s: files are written as on this machine, a change is repaired, everything is removed again",
    async (_, login) => {
      const stack = new TrustStack();
      expect(await stack.up(settings(login))).toBe("create");
      const made = {
        "certs.d": "folder 0755 0:0",
        "certs.d/registry.test:5000": "folder 0755 0:0",
        "certs.d/registry.test:5000/ca.crt": `file 0444 0:0 ${ca}`,
      };
      expect(await docker()).toEqual(made);
      expect(await stack.up(settings(login))).toBe("none");

      await node.run("chmod 0666 /etc/docker/certs.d/registry.test:5000/ca.crt");
      await stack.refresh();
      expect(await stack.up(settings(login))).toBe("update");
      expect(stack.log.at(-1)).toContain("ca.crt has mode 0666 instead of 0444: it will be written again");
      expect(await docker()).toEqual(made);

      await node.run("rm -r /etc/docker/certs.d");
      await stack.refresh();
      expect(stack.state).toBeUndefined();
      await stack.up(settings(login));
      expect(await docker()).toEqual(made);
      await stack.down();
      expect(await docker()).toEqual({});
    },
  );

  it("sees what is there, as on this machine: a certificate of others is refused at preview, or adopted", async () => {
    const file = "/etc/docker/certs.d/registry.test:5000/ca.crt";
    await node.run(`mkdir -p "$(dirname ${file})"`);
    await writeFile(join(node.root, file), otherCa);
    const before = await docker();
    expect(await new TrustStack().problems(settings())).toEqual([
      expect.stringMatching(/hosts: .*ca\.crt is there already and holds the certificate "O=Test, CN=second"/),
    ]);
    const stack = new TrustStack();
    await stack.up(settings({}, { adopt: true }));
    expect((await docker())["certs.d/registry.test:5000/ca.crt"]).toBe(`file 0444 0:0 ${ca}`);
    await stack.down();
    expect(await docker()).toEqual(before);
  });

  it("writes for containerd and podman, detected by their programs, and for the user's own clients", async () => {
    await node.run("mount -t tmpfs tmpfs /usr/local/bin; cd /usr/local/bin; touch crictl podman; chmod +x *");
    const stack = new TrustStack();
    await stack.up(settings({}, { clients: "detect" }));
    const made = await snapshot(join(node.root, "etc/containerd"));
    expect(Object.keys(made)).toContain("certs.d/registry.test:5000/hosts.toml");
    expect(stack.outputs.node?.clients).toEqual(expect.arrayContaining(["containerd", "podman"]));
    expect((await snapshot(join(node.root, "etc/containers")))["certs.d/registry.test:5000/ca.crt"]).toContain(ca);
    await node.run("umount /usr/local/bin");
    await stack.refresh();
    await stack.up(settings({}, { clients: "detect" }));
    expect(await node.run("ls -d /etc/containerd /etc/containers 2>/dev/null || :")).toBe("");
    await stack.down();

    // sudo is of no use for what is the user's own, and it would follow the user's links.
    const rootless = settings({ user: "kit-guest", sudo: true }, { rootless: true, clients: ["docker", "podman"] });
    await stack.up(rootless);
    const home = await snapshot(join(node.root, "home/kit-guest/.config"));
    const owner = await node.run("echo $(id -u kit-guest):$(id -g kit-guest)");
    expect(home["docker/certs.d/registry.test:5000/ca.crt"]).toBe(`file 0444 ${owner} ${ca}`);
    expect(home["containers/certs.d/registry.test:5000/ca.crt"]).toBe(`file 0444 ${owner} ${ca}`);
    await stack.down();
    expect(await node.run("ls -A /home/kit-guest/.config 2>/dev/null || :")).toBe("");
  });

  it("lets nobody on this machine or that one see a password or a passphrase in arguments or environment", async () => {
    const watch = new ProcessWatch();
    const login = { user: "kit-admin", sudo: true, sudoPassword: "let me in", passphrase: "open sesame" };
    const stack = new TrustStack();
    await stack.up(settings({ ...login, privateKeyFile: join(keys.folder, "locked") }));
    await stack.down();
    const seen = await watch.end();
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.filter((text) => /let me in|open sesame/.test(text))).toEqual([]);
  });

  it("is reached with a key from an agent, and by a jump host", async () => {
    const socket = join(keys.folder, "agent");
    const agent = execa("ssh-agent", ["-D", "-a", socket], { reject: false });
    try {
      const options = { env: { SSH_AUTH_SOCK: socket }, reject: false } as const;
      await pollUntil("the agent has the key", 10_000, async () => {
        return (await execa("ssh-add", ["-q", join(keys.folder, "id")], options)).exitCode === 0;
      });
      vi.stubEnv("SSH_AUTH_SOCK", socket);
      vi.stubEnv("HOME", keys.folder);
      const { privateKeyFile: _, ...login } = node.login;
      const { host, port } = node.connection;
      const stack = new TrustStack();
      await stack.up({ ...settings(), login: { ...login, jump: { host, port, user: "kit-guest" } } });
      expect(Object.keys(await docker())).toContain("certs.d/registry.test:5000/ca.crt");
      await stack.down();
    } finally {
      agent.kill();
      await agent;
    }
  });

  it("that can't be reached, or gives no rights, is named with what to do, and is no error at preview", async () => {
    const at = (user: string) => `${user}@127.0.0.1:${node.connection.port}`;
    const closed = { connection: { ...node.connection, port: 1 } };
    expect(await refusal({}, closed)).toContain("root@127.0.0.1:1: can't be reached by ssh: connect ECONNREFUSED");
    expect(await refusal({ knownHosts: "/nonexistent" })).toMatch(
      new RegExp(`${at("root")}: shows a host key .* in none of /nonexistent.*ssh-keyscan -p ${node.connection.port}`),
    );
    expect(await refusal({ user: "kit-nobody" })).toContain("refuses every key that was tried");
    expect(await refusal({ privateKeyFile: "/nonexistent" })).toContain("the key file /nonexistent can't be read");
    expect(await refusal({ privateKeyFile: join(keys.folder, "locked") })).toContain("if it has a passphrase, set");
    expect(await refusal({ user: "kit-admin", sudo: true })).toContain("sudo asks for a password: set sudoPassword");
    expect(await refusal({ user: "kit-guest", sudo: true, sudoPassword: "let me in" })).toMatch(
      new RegExp(`${at("kit-guest")}: sudo gives no root's rights: .*not in the sudoers file`),
    );
    const wrong = await refusal({ user: "kit-admin", sudo: true, sudoPassword: "wr0ng" });
    expect(wrong).toContain(`${at("kit-admin")}: sudo does not accept the password.`);
    expect(wrong).not.toContain("wr0ng");
    const jump = { host: "127.0.0.1", port: node.connection.port, user: "root" };
    expect(await refusal({ jump }, closed)).toMatch(/root@127\.0\.0\.1:1: the jump host root@.* can't reach it/);
    const noRights = new TrustStack();
    await expect(noRights.up(settings({ user: "kit-guest" }))).rejects.toThrow(/certs\.d.*Permission denied/);
    expect(noRights.log[0]).toContain("no right to write in /etc/docker. Log in as root, or set sudo");
    expect(await docker()).toEqual({});
  });

  it("that gives no shell: what the host says instead is shown", async () => {
    const refusal = async (user: string, more: object = {}) => {
      const failure = await new TrustStack().up(settings({ user, ...more })).catch((error: Error) => error);
      return (failure as Error).message;
    };
    await node.run("for u in kit-gone kit-one; do useradd -m -s /bin/sh $u; usermod -p '*' $u; done");
    await node.run(
      "usermod -s /usr/sbin/nologin kit-gone; echo 'kit-one ALL=(root) NOPASSWD: /usr/bin/id' >> /etc/sudoers.d/test",
    );
    expect(await refusal("kit-gone")).toMatch(/gives no shell: it says "This account is currently not available\."/);
    expect(await refusal("kit-one", { sudo: true })).toMatch(
      /sudo allows without a password only: \(root\) NOPASSWD: \/usr\/bin\/id/,
    );
    await node.stop();
    await startSshd(node.inside, keys.folder, node.connection.port, "host", ["ForceCommand=internal-sftp"]);
    expect(await refusal("root")).toMatch(/it says "This service allows sftp connections only\."/);
    await node.stop();
    const kex = "KexAlgorithms=sntrup761x25519-sha512@openssh.com";
    await startSshd(node.inside, keys.folder, node.connection.port, "host", [kex]);
    expect(await refusal("root")).toContain("sshd_config: KexAlgorithms +curve25519-sha256");
    await node.stop();
    await node.start();
  });

  it("whose disk is full: what is there is recorded, and the next up does the rest", async () => {
    await node.run("mount -t tmpfs -o nr_inodes=4,mode=0755 tmpfs /etc/docker");
    const inputs = settings({}, { hosts: ["a.test", "b.test"], port: 443 });
    const stack = new TrustStack();
    await expect(stack.up(inputs)).rejects.toThrow(/^1 of 2 files are in place\. .*b\.test.*No space left on device/);
    await node.run("mount -o remount,nr_inodes=20 /etc/docker");
    expect(await stack.up(inputs)).toBe("update");
    expect(Object.keys(await docker())).toContain("certs.d/b.test/ca.crt");
    await stack.down();
    expect(await docker()).toEqual({});
    await node.run("umount -l /etc/docker");
  });

  it("whose connection breaks after a write: the next up takes the file up, and down removes it", async () => {
    await breakAfterMove(node.inside, "ca.crt");
    const stack = new TrustStack();
    const inputs = settings({}, { hosts: ["a.test", "b.test"] });
    await expect(stack.up(inputs)).rejects.toThrow(PartialFailure);
    expect((await docker())["certs.d/a.test:5000/ca.crt"]).toContain(ca);
    await node.start();
    expect(await stack.up(inputs)).toBe("update");
    expect((await docker())["certs.d/b.test:5000/ca.crt"]).toContain(ca);
    await stack.down();
    expect(await docker()).toEqual({});
  });

  it("that shows another host key is refused before anything is sent, and says how to go on", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await node.stop();
    await node.start("other");
    try {
      const inputs = settings({}, { port: 5001 });
      await expect(stack.up(inputs)).rejects.toThrow(
        /shows another host key .* than the one in .*known_hosts:\d+.*ssh-keygen -R '\[127\.0\.0\.1\]/,
      );
      expect(Object.keys(await docker())).toContain("certs.d/registry.test:5000/ca.crt");
    } finally {
      await node.stop();
      await node.start();
    }
    await stack.down();
    expect(await docker()).toEqual({});
  });

  it("is not asked anything by a run without changes", async () => {
    const stack = new TrustStack();
    await stack.up(settings());
    await node.stop();
    const logins = async () => (await readFile(join(keys.folder, `sshd-${node.connection.port}.log`), "utf8")).length;
    const before = await logins();
    expect(await stack.up(settings())).toBe("none");
    expect(await logins()).toBe(before);
    expect(stack.log).toEqual([]);
    await node.start();
    await stack.down();
  });
});
