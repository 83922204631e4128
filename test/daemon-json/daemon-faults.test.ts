import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { daemonConfigurationDefinition } from "../../components/daemon-json/daemon-configuration-lifecycle.ts";
import type { SshKeys, SshNode } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshNode } from "../support/ssh-node.ts";
import { ResourceStack } from "../trust/resource-stack.ts";
import { snapshot } from "../trust/snapshot.ts";

const obstacle = await sshNodeObstacle();

/**
 * What a real daemon can't be made to do here: flags, a newer version, being stopped. It reloads at SIGHUP, and
 * `--validate` refuses the entry "invalid.test".
 */
const dockerd = `#!/bin/sh
case $1 in --validate) if grep -q invalid.test "\${2#*=}"; then echo 'unable to configure: invalid.test' >&2; exit 1; fi; exit 0 ;; esac
file=/etc/docker/daemon.json
case "$*" in *--config-file*) file=\${*#*--config-file } ;; esac
trap 'cp $file /run/live.json' HUP
echo '{}' > /run/live.json
touch /run/dockerd-is-up
while :; do sleep 0.1; done
`;
const docker = `#!/bin/sh
list() { sed -n "s/.*\\"$1\\": *\\\\[\\\\([^]]*\\\\)\\\\].*/\\\\1/p" /run/live.json; }
insecure=$(list insecure-registries | sed 's/"\\([^"]*\\)"/"\\1":{"Secure":false}/g')
echo "{\\"IndexConfigs\\":{$insecure},\\"InsecureRegistryCIDRs\\":null,\\"Mirrors\\":[$(list registry-mirrors)]}"
`;

describe.skipIf(obstacle)(`daemon.json${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 120_000 }, () => {
  let keys: SshKeys;
  let node: SshNode;

  beforeAll(async () => {
    keys = await makeSshKeys();
    node = await startSshNode(keys);
    const install = (name: string, text: string) => `cat > /usr/local/bin/${name} <<'END'\n${text}END\n`;
    const scripts = `${install("dockerd", dockerd)}${install("docker", docker)}chmod +x /usr/local/bin/*`;
    // A process is taken for dockerd only if its program is called that: here a shell is.
    await node.run(`mount -t tmpfs tmpfs /usr/local/bin; mkdir /usr/local/bin/real; cp /bin/dash /usr/local/bin/real/dockerd
      ${scripts}`);
  });
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await keys?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await stopDaemon();
    await node.run("find /etc/docker -mindepth 1 -delete");
  });

  async function startDaemon(flags = ""): Promise<void> {
    await node.run(`rm -f /run/dockerd-is-up; setsid /usr/local/bin/real/dockerd /usr/local/bin/dockerd ${flags} </dev/null >/dev/null 2>&1 &
      until [ -e /run/dockerd-is-up ]; do sleep 0.05; done`);
  }
  const stopDaemon = () =>
    node.run(`for d in /proc/[0-9]*; do
      { read -r c < $d/comm; } 2>/dev/null && [ "$c" = dockerd ] || continue
      kill -9 "\${d#/proc/}"
      # Killed is not gone yet; what waits to be reaped has no program any more.
      while readlink $d/exe >/dev/null 2>&1; do sleep 0.02; done
    done; :`);

  const stack = () => new ResourceStack(daemonConfigurationDefinition);
  const settings = (changes: object = {}) => ({
    connection: node.connection,
    login: { ...node.login },
    insecureRegistries: ["r.test:5000"],
    ...changes,
  });
  const etc = () => snapshot(join(node.root, "etc/docker"));
  const mine = '{"debug":true}';
  const write = (content: string) => node.run(`printf '%s' '${content}' > /etc/docker/daemon.json`);

  it.each([
    ["--insecure-registry flag.test"],
    ["--insecure-registry=flag.test"],
    ["-D --insecure-registry=a --host fd://"],
  ])("is not written where dockerd has the flag %s, found at preview", async (flags) => {
    await write(mine);
    const before = await etc();
    await startDaemon(flags);
    expect(await stack().problems(settings())).toEqual([
      expect.stringMatching(
        /^file: dockerd runs with --insecure-registry=\w+.*: with "insecure-registries" in its file/,
      ),
    ]);
    expect(await stack().problems(settings({ insecureRegistries: [], registryMirrors: ["https://m.test"] }))).toEqual(
      [],
    );
    expect(await etc()).toEqual(before);
  });

  it("is not written where dockerd --validate refuses what it would be", async () => {
    await write(mine);
    const before = await etc();
    await startDaemon();
    await expect(stack().up(settings({ insecureRegistries: ["invalid.test"] }))).rejects.toThrow(
      "dockerd --validate refuses what /etc/docker/daemon.json would be: unable to configure: invalid.test",
    );
    expect(await etc()).toEqual(before);
  });

  it("is not written while dockerd is down, is written by the next up, and is put back even when it is down again", async () => {
    await write(mine);
    const before = await etc();
    const daemon = stack();
    expect(await daemon.problems(settings())).toEqual([]);
    expect(daemon.log.at(-1)).toMatch(/^warning: no dockerd that reads \/etc\/docker\/daemon\.json is running/);
    await expect(daemon.up(settings())).rejects.toThrow("Start it, then run");
    expect(await etc()).toEqual(before);
    await startDaemon();
    expect(await daemon.up(settings())).toBe("create");
    await stopDaemon();
    await daemon.refresh();
    expect(daemon.outputs.drift).toEqual([expect.stringContaining("no dockerd that reads")]);
    await daemon.down();
    expect(daemon.log.at(-1)).toContain("The file alone was restored.");
    expect(await etc()).toEqual(before);
  });

  it("is the file that dockerd reads, also when it has stopped since", async () => {
    await write(mine);
    const before = await etc();
    await startDaemon("--config-file /etc/docker/other.json");
    const daemon = stack();
    await daemon.up(settings());
    expect((await etc())["other.json"]).toContain("r.test:5000");
    expect((await etc())["daemon.json"]).toBe(before["daemon.json"]);
    expect(await daemon.up(settings())).toBe("none");
    await stopDaemon();
    await daemon.refresh();
    expect(daemon.outputs.drift).toEqual([expect.stringContaining("no dockerd that reads /etc/docker/other.json")]);
    await daemon.down();
    expect(await etc()).toEqual(before);
  });

  it.each([
    ["in a container", "unshare -m /usr/local/bin/real/dockerd /usr/local/bin/dockerd"],
    [
      "of a user who calls a program dockerd",
      "setpriv --reuid kit-guest --clear-groups /usr/local/bin/real/dockerd /usr/local/bin/dockerd",
    ],
    ["that is a script of root's with that name", "/usr/local/bin/dockerd"],
  ])("of a process %s is none", async (_, command) => {
    await node.run(
      `rm -f /run/dockerd-is-up; mkdir -p /run/free; setsid ${command} </dev/null >/dev/null 2>&1 & sleep 0.3`,
    );
    await expect(stack().up(settings())).rejects.toThrow("no dockerd that reads /etc/docker/daemon.json is running");
  });

  it.each([
    [
      "a mount point",
      "mount --bind /etc/docker/daemon.json /etc/docker/daemon.json",
      "umount /etc/docker/daemon.json",
      "is mounted by itself",
    ],
    [
      "immutable",
      "mount -t tmpfs tmpfs /etc/docker; echo {} > /etc/docker/daemon.json; chattr +i /etc/docker/daemon.json",
      "chattr -i /etc/docker/daemon.json; umount /etc/docker",
      "chattr -i '/etc/docker/daemon.json'",
    ],
    [
      "in a read-only file system",
      "mount -t tmpfs tmpfs /etc/docker; echo {} > /etc/docker/daemon.json; mount -o remount,ro /etc/docker",
      "umount /etc/docker",
      "no right to write in /etc/docker",
    ],
  ])("that is %s is seen at preview, in words, and leaves no trace", async (_, prepare, tidy, said) => {
    await write(mine);
    await startDaemon();
    await node.run(prepare);
    try {
      const before = await etc();
      const daemon = stack();
      const problems = await daemon.problems(settings());
      expect([...problems, ...daemon.log].join("\n")).toContain(said);
      await expect(daemon.up(settings())).rejects.toThrow(said);
      expect(await etc()).toEqual(before);
    } finally {
      await node.run(tidy);
    }
    await stack().up(settings({ insecureRegistries: ["other.test"] }));
    expect((await etc())["daemon.json"]).not.toContain("r.test:5000");
  });

  it("that can't be replaced although nothing told so leaves note and daemon as they were", async () => {
    await write(mine);
    await startDaemon();
    const before = await etc();
    await node.run(`printf '#!/bin/sh\ncase $* in */daemon.json) echo "mv: Device or resource busy" >&2; exit 1 ;; esac; exec /bin/mv "$@"\n' > /usr/local/bin/mv
      chmod +x /usr/local/bin/mv`);
    await expect(stack().up(settings())).rejects.toThrow(/Device or resource busy.*daemon\.json is again what it was/);
    await node.run("rm /usr/local/bin/mv");
    expect(await etc()).toEqual(before);
  });

  it("that the user may not read is named, and so is one whose folder they may not write", async () => {
    await write(mine);
    await startDaemon();
    await node.run("chmod 0600 /etc/docker/daemon.json");
    const login = { ...node.login, user: "kit-guest" };
    await expect(stack().up(settings({ login }))).rejects.toThrow(/daemon\.json: Permission denied/);
    await node.run("chmod 0644 /etc/docker/daemon.json");
    const before = await etc();
    await expect(stack().up(settings({ login }))).rejects.toThrow(/no right to write in \/etc\/docker\. Root's rights/);
    expect(await etc()).toEqual(before);
  });

  it("on a full disk stays whole", async () => {
    await node.run(
      "mount -t tmpfs -o size=16k,mode=0755 tmpfs /etc/docker; head -c 12288 /dev/zero | tr '\\0' ' ' > /etc/docker/x",
    );
    await write(mine);
    const before = await etc();
    await startDaemon();
    await expect(stack().up(settings())).rejects.toThrow(/No space left on device/);
    expect(await etc()).toEqual(before);
    await node.run("rm /etc/docker/x");
    await stack().up(settings());
    expect((await etc())["daemon.json"]).toContain("r.test:5000");
    await node.run("umount -l /etc/docker");
  });

  it("of a node without dockerd is none of a detecting resource's business", async () => {
    await node.run("mv /usr/local/bin/dockerd /usr/local/bin/away; mount --bind /dev/null /usr/sbin/dockerd");
    const daemon = stack();
    const inputs = settings({ ifPresent: true });
    expect(await daemon.up(inputs)).toBe("create");
    expect(await etc()).toEqual({});
    await daemon.refresh();
    expect(await daemon.up(inputs)).toBe("none");
    await node.run("mv /etc/docker /etc/away");
    await daemon.down();
    await node.run("test ! -e /etc/docker && mv /etc/away /etc/docker");
    await node.run("umount /usr/sbin/dockerd; mv /usr/local/bin/away /usr/local/bin/dockerd");
  });
});
