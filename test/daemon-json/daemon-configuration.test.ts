import { appendFile, chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../bench/harness/free-port.ts";
import { daemonConfigurationDefinition } from "../../components/daemon-json/daemon-configuration-lifecycle.ts";
import { PartialFailure } from "../../lib/provider/lifecycle.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import type { SshKeys } from "../support/ssh-node.ts";
import { breakAfterMove, makeSshKeys, sshNodeObstacle, startSshd } from "../support/ssh-node.ts";
import { ResourceStack } from "../trust/resource-stack.ts";
import { snapshot } from "../trust/snapshot.ts";

const obstacle = (await dockerNodeObstacle()) ?? (await sshNodeObstacle());

describe.skipIf(obstacle)(
  `daemon.json of a real daemon${obstacle ? ` (skipped: ${obstacle})` : ""}`,
  { timeout: 120_000 },
  () => {
    let keys: SshKeys;
    let network: NodeNetwork;
    let node: DockerNode;
    let port: number;
    let file: string;
    let inside: number;

    beforeAll(async () => {
      keys = await makeSshKeys();
      network = await nodeNetwork();
      node = await network.startNode();
      inside = await node.innerProcess();
      file = join(node.folder, "etc", "daemon.json");
      port = await freePort();
      await startSshd(inside, keys.folder, port);
      const key = await readFile(join(keys.folder, "host.pub"), "utf8");
      await appendFile(join(keys.folder, "known_hosts"), `[127.0.0.1]:${port} ${key}`);
    });
    afterAll(async () => {
      for (const thing of [network, keys]) await thing?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      await rm(file, { force: true, recursive: true });
      await rm(join(node.folder, "etc", ".daemon.json.registry-kit-ledger"), { force: true });
    });

    const stack = (name = "daemon") => new ResourceStack(daemonConfigurationDefinition, name);
    const settings = (changes: object = {}) => ({
      connection: { type: "ssh", host: "127.0.0.1", port },
      login: { privateKeyFile: join(keys.folder, "id"), knownHosts: join(keys.folder, "known_hosts") },
      ...changes,
    });
    const insecure = (...insecureRegistries: string[]) => settings({ insecureRegistries });
    /** Insecure registries and mirrors as dockerd has them, but for those that it always has. */
    const live = async () => {
      const config = JSON.parse(await node.docker("info", "--format", "{{json .RegistryConfig}}"));
      const names = Object.entries(config.IndexConfigs as Record<string, { Secure: boolean }>);
      const networks = (config.InsecureRegistryCIDRs as string[]).filter((each) => each !== "127.0.0.0/8");
      return [...names.flatMap(([name, { Secure }]) => (Secure ? [] : [name])), ...networks, ...(config.Mirrors ?? [])];
    };
    const etc = async () => Object.keys(await snapshot(join(node.folder, "etc"))).filter((path) => path !== "key.json");

    it.each([
      ["none", undefined],
      ["one of somebody's", '{\n\t"debug": true,\n\n\t"insecure-registries": [ "theirs.test" ] }'],
    ])(
      "where there was %s: entries come, change and go by reload, and the file is then the old one",
      async (_, before) => {
        if (before) await writeFile(file, before, { mode: 0o600 });
        const theirs = before ? ["theirs.test"] : [];
        const pid = await node.daemonPid();
        const daemon = stack();
        const wanted = { insecureRegistries: ["r.test:5000", "10.1.0.0/16"], registryMirrors: ["https://m.test:5001"] };
        expect(await daemon.problems(settings(wanted))).toEqual([]);
        const shown =
          '  "insecure-registries":\n    + "r.test:5000"\n    + "10.1.0.0/16"\n  "registry-mirrors":\n    + "https://m.test:5001"';
        expect(daemon.log).toEqual([
          `info: /etc/docker/daemon.json on 127.0.0.1:${port} ${before ? "changes" : "is made"}:\n${shown}`,
        ]);
        await daemon.up(settings(wanted));
        expect((await live()).toSorted()).toEqual(["10.1.0.0/16", "https://m.test:5001/", "r.test:5000", ...theirs]);
        expect((await snapshot(join(node.folder, "etc")))["daemon.json"]).toMatch(
          before ? /^file 0600 0:0/ : /^file 0644 0:0/,
        );
        expect(await daemon.up(settings(wanted))).toBe("none");

        await daemon.up(insecure("r.test:5000"));
        expect(await live()).toEqual(expect.arrayContaining(["r.test:5000", ...theirs]));
        expect(await live()).toHaveLength(1 + theirs.length);

        await daemon.down();
        expect(await live()).toEqual(theirs);
        expect(await readFile(file, "utf8").catch(() => undefined)).toBe(before);
        expect(await etc()).toEqual(before ? ["daemon.json"] : []);
        expect(await node.daemonPid()).toBe(pid);
      },
    );

    it("that drifts is seen by a refresh and repaired by the next up", async () => {
      await writeFile(file, '{"debug":false}\n');
      const daemon = stack();
      await daemon.up(insecure("r.test:5000"));
      const made = await snapshot(join(node.folder, "etc"));
      const drifts: [string, () => Promise<unknown>][] = [
        ['r.test:5000 is gone from "insecure-registries"', () => writeFile(file, '{"debug":false}\n')],
        ["has mode 0666 instead of 0644", () => chmod(file, 0o666)],
        ["daemon.json is gone", () => rm(file)],
        ["dockerd does not use r.test:5000", () => unload(made["daemon.json"]?.replace(/^file \S+ \S+ /, "") ?? "")],
      ];
      for (const [reason, change] of drifts) {
        await change();
        await daemon.refresh();
        expect(daemon.outputs.drift.join()).toContain(reason);
        expect(await daemon.up(insecure("r.test:5000"))).toBe("update");
        expect(await live()).toEqual(["r.test:5000"]);
        await daemon.refresh();
        expect(await daemon.up(insecure("r.test:5000"))).toBe("none");
      }
      await daemon.down();
    });

    /** The daemon forgets the entries; the file has them. */
    async function unload(content: string): Promise<void> {
      await writeFile(file, '{"insecure-registries":[]}');
      process.kill(await outerPid(), "SIGHUP");
      await expect.poll(live, { timeout: 10_000 }).toEqual([]);
      await writeFile(file, content);
    }

    /** The daemon's process as seen from here. */
    async function outerPid(): Promise<number> {
      const { stdout } = await execa("nsenter", ["-t", String(inside), "-m", "-p", "readlink", "/proc/1/ns/pid"]);
      const { stdout: all } = await execa("sh", [
        "-c",
        `for d in /proc/[0-9]*; do
      [ "$(cat $d/comm 2>/dev/null)" = dockerd ] && [ "$(readlink $d/ns/pid)" = "${stdout}" ] && echo "\${d#/proc/}"; done; :`,
      ]);
      return Number(all.trim());
    }

    it.each([
      ["in the order in which they came", [0, 1]],
      ["the other way round", [1, 0]],
    ])("of two stacks is the old one when both have gone %s", async (_, order) => {
      const before = '{ "insecure-registries": ["theirs.test"],\n"debug":false}';
      await writeFile(file, before);
      const stacks = [stack("one"), stack("two")];
      await stacks[0]?.up(insecure("a.test:5000", "shared.test"));
      await stacks[1]?.up(insecure("b.test:5000", "shared.test"));
      expect(await live()).toHaveLength(4);
      await stacks[order[0] ?? 0]?.down();
      const left = order[0] === 0 ? "b.test:5000" : "a.test:5000";
      expect((await live()).toSorted()).toEqual([left, "shared.test", "theirs.test"]);
      await stacks[order[1] ?? 1]?.down();
      expect(await live()).toEqual(["theirs.test"]);
      expect(await readFile(file, "utf8")).toBe(before);
      expect(await etc()).toEqual(["daemon.json"]);
    });

    it("of two clones of a stack keeps the other's entries when one goes, also those from before clones were told apart", async () => {
      await writeFile(file, '{"debug":false}');
      const [one, two] = [stack("same"), stack("same")];
      const inputs = (clone: string) => ({ ...insecure("shared.test"), stack: clone });
      // As the version before made them.
      await one.up(insecure("shared.test"));
      await two.up(insecure("shared.test"));
      expect(await one.up(inputs("clone-1"))).toBe("update");
      expect(await two.up(inputs("clone-2"))).toBe("update");
      await one.down();
      expect(await live()).toEqual(["shared.test"]);
      await one.up(inputs("clone-1"));
      await two.down();
      expect(await live()).toEqual(["shared.test"]);
      await one.down();
      expect(await live()).toEqual([]);
      expect(await readFile(file, "utf8")).toBe('{"debug":false}');
    });

    it("keeps what others add meanwhile, and loses only what the stack added", async () => {
      const daemon = stack();
      await daemon.up(insecure("r.test:5000"));
      await writeFile(file, '{"insecure-registries":["r.test:5000","theirs.test"],"debug":true}');
      await daemon.up(insecure("s.test:5000"));
      expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
        "insecure-registries": ["theirs.test", "s.test:5000"],
        debug: true,
      });
      await daemon.down();
      expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ "insecure-registries": ["theirs.test"], debug: true });
      await writeFile(file, '{"insecure-registries":[],"debug":false}');
      process.kill(await outerPid(), "SIGHUP");
    });

    it.each([
      ["a folder", () => mkdir(file), "is a folder"],
      ["a link", () => symlink("/etc/hostname", file), "is a symbolic link"],
      ["not JSON", () => writeFile(file, '{ "debug": true, // mine\n}'), "not valid JSON (comments"],
    ])("that is %s is refused at preview, and nothing is touched", async (_, prepare, reason) => {
      await prepare();
      const before = await snapshot(join(node.folder, "etc"));
      expect(await stack().problems(insecure("r.test:5000"))).toEqual([
        expect.stringMatching(/^file: \/etc\/docker\/daemon\.json/),
      ]);
      await expect(stack().up(insecure("r.test:5000"))).rejects.toThrow(reason);
      expect(await snapshot(join(node.folder, "etc"))).toEqual(before);
    });

    it("gets its old content back when the daemon does not take the new one", async () => {
      // A setting that a reload refuses, as the daemon has it as a flag.
      const before = '{"exec-opts":["native.cgroupdriver=cgroupfs"]}';
      await writeFile(file, before);
      await expect(stack().up(insecure("r.test:5000"))).rejects.toThrow(
        /dockerd did not take the file over: dockerd does not use r\.test:5000.*daemon\.json is again what it was/,
      );
      expect(await readFile(file, "utf8")).toBe(before);
      expect(await etc()).toEqual(["daemon.json"]);
      expect(await live()).toEqual([]);
    });

    it("is finished by the next up when the connection breaks between write and reload", async () => {
      await breakAfterMove(inside, "daemon.json");
      const daemon = stack();
      const failure = await daemon.up(insecure("r.test:5000")).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PartialFailure);
      expect((failure as Error).message).toContain("the connection was lost");
      expect(await readFile(file, "utf8")).toContain("r.test:5000");
      expect(await live()).toEqual([]);

      await startSshd(inside, keys.folder, port);
      expect(await daemon.up(insecure("r.test:5000"))).toBe("update");
      expect(await live()).toEqual(["r.test:5000"]);
      await daemon.down();
      expect(await etc()).toEqual([]);
    });

    it("is also finished when the run was killed there, so that nothing of it was recorded", async () => {
      await breakAfterMove(inside, "daemon.json");
      await expect(stack().up(insecure("r.test:5000"))).rejects.toThrow();
      await startSshd(inside, keys.folder, port);
      const daemon = stack();
      await daemon.up(insecure("r.test:5000"));
      expect(await live()).toEqual(["r.test:5000"]);
      await daemon.down();
      expect(await live()).toEqual([]);
      expect(await etc()).toEqual([]);
    });
  },
);
