import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../bench/harness/free-port.ts";
import { daemonConfigurationDefinition } from "../../components/daemon-json/daemon-configuration-lifecycle.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import type { SshKeys } from "../support/ssh-node.ts";
import { makeSshKeys, sshNodeObstacle, startSshd } from "../support/ssh-node.ts";
import { ResourceStack } from "../trust/resource-stack.ts";

const obstacle = (await dockerNodeObstacle()) ?? (await sshNodeObstacle());

describe.skipIf(obstacle)(
  `what a real dockerd reads${obstacle ? ` (skipped: ${obstacle})` : ""}`,
  { timeout: 120_000 },
  () => {
    let keys: SshKeys;
    let network: NodeNetwork;
    let node: DockerNode;
    let port: number;
    let file: string;

    beforeAll(async () => {
      keys = await makeSshKeys();
      network = await nodeNetwork();
      node = await network.startNode();
      file = join(node.folder, "etc", "daemon.json");
      port = await freePort();
      await startSshd(await node.innerProcess(), keys.folder, port);
      const key = await readFile(join(keys.folder, "host.pub"), "utf8");
      await writeFile(join(keys.folder, "known_hosts"), `[127.0.0.1]:${port} ${key}`);
    });
    afterAll(async () => {
      for (const thing of [network, keys]) await thing?.[Symbol.asyncDispose]();
    });

    const settings = (insecureRegistries: string[]) => ({
      connection: { type: "ssh", host: "127.0.0.1", port },
      login: { privateKeyFile: join(keys.folder, "id"), knownHosts: join(keys.folder, "known_hosts") },
      insecureRegistries,
    });
    const live = async () =>
      JSON.parse(await node.docker("info", "--format", "{{json .RegistryConfig}}")) as {
        InsecureRegistryCIDRs: string[];
        IndexConfigs: Record<string, { Secure: boolean }>;
      };

    /** Whether the daemon takes its file, by its log. */
    async function takes(): Promise<boolean> {
      const log = join(node.folder, "dockerd.log");
      const { length } = await readFile(log, "utf8");
      const said = async () => (await readFile(log, "utf8")).slice(length);
      await execa(...node.inside("kill", ["-HUP", String(await node.daemonPid())]));
      await expect.poll(said, { timeout: 10_000 }).toMatch(/level=error|Reloaded configuration/);
      return !/level=error/.test(await said());
    }

    const shapes: [string, string, boolean | "from 23.0"][] = [
      ["an object", '{"debug":false}', true],
      ["CRLF", '{\r\n\t"debug": false\r\n}\r\n', true],
      ["an empty file", "", "from 23.0"],
      ["space alone", " \n", "from 23.0"],
      ["null", "null", true],
      ["null for a list", '{"insecure-registries":null}', true],
      ["a key twice", '{"insecure-registries":["a.test"],"insecure-registries":["b.test"]}', true],
      ["a comment", '{ // mine\n"debug":false}', false],
      ["a trailing comma", '{"debug":false,}', false],
      ["a list", "[]", false],
      ["a text for a list", '{"insecure-registries":"a.test"}', false],
      ["a key in other letters", '{"Insecure-Registries":["a.test"]}', false],
      ["an escaped key", '{"insecure\\u002dregistries":["a.test"]}', true],
      ["null for each known list and map", '{"registry-mirrors":null,"insecure-registries":null,"labels":null}', true],
      ["null for a switch and a number", '{"debug":null,"max-concurrent-downloads":null}', true],
      ["a list and then null under one key", '{"insecure-registries":["a.test"],"insecure-registries":null}', true],
      ["a key twice, in two spellings", '{"debug":false,"\\u0064ebug":true}', true],
      ["single quotes", "{'debug':false}", false],
      ["a line end in a text", '{"data-root":"a\nb"}', false],
      ["a number with a leading zero", '{"mtu":01400}', false],
      ["half a pair of surrogates", '{"labels":["a=\\ud800"]}', true],
    ];

    it.each(shapes)(
      "of %s: the kit takes what dockerd takes, and puts it back to the byte",
      async (_, text, expected) => {
        await writeFile(file, text);
        const isTaken = await takes();
        // The kit takes what it makes readable.
        if (expected !== "from 23.0") expect(isTaken).toBe(expected);
        const daemon = new ResourceStack(daemonConfigurationDefinition);
        const problems = await daemon.problems(settings(["r.test:5000"]));
        if (!expected)
          return expect(problems).toEqual([expect.stringContaining(file.replace(/.*\/etc/, "/etc/docker"))]);
        expect(problems).toEqual([]);
        await daemon.up(settings(["r.test:5000"]));
        expect((await live()).IndexConfigs).toHaveProperty("r.test:5000");
        await daemon.down();
        expect((await live()).IndexConfigs).not.toHaveProperty("r.test:5000");
        expect(await readFile(file, "utf8")).toBe(text);
      },
    );

    // What dockerd refuses for its meaning is found out when it is asked: the file is then again what it was.
    it.each([
      ["an unknown key", '{"registry_mirrors":[]}'],
      ["hosts beside those of its command line", '{"hosts":null}'],
    ])("and refuses for %s stays as it was", async (_, text) => {
      await writeFile(file, text);
      expect(await takes()).toBe(false);
      const daemon = new ResourceStack(daemonConfigurationDefinition);
      await expect(daemon.up(settings(["r.test:5000"]))).rejects.toThrow(
        /dockerd did not take the file over: .*Its log/,
      );
      expect(await readFile(file, "utf8")).toBe(text);
      expect((await live()).IndexConfigs).not.toHaveProperty("r.test:5000");
    });

    it("with a byte order mark is refused by both before 23.0, taken by both since", async () => {
      const [major = 0] = (await node.docker("version", "--format", "{{.Server.Version}}")).split(".").map(Number);
      await writeFile(file, '\uFEFF{"debug":false}');
      expect(await takes()).toBe(major >= 23);
      const problems = await new ResourceStack(daemonConfigurationDefinition).problems(settings(["r.test:5000"]));
      expect(problems).toEqual(major >= 23 ? [] : [expect.stringContaining("begins with a byte order mark")]);
    });

    it("shows networks in Go's spelling, which is known for what was written, also when it is taken back", async () => {
      await rm(file, { force: true });
      const written = [
        "2001:DB8::/32",
        "2001:0db8:0:0:1:0:0:1/128",
        "::ffff:10.1.2.3/104",
        "192.168.7.9/16",
        "R.Test:5000",
      ];
      const daemon = new ResourceStack(daemonConfigurationDefinition);
      await daemon.up(settings(written));
      const { InsecureRegistryCIDRs: networks, IndexConfigs } = await live();
      expect(networks).toEqual(
        expect.arrayContaining(["2001:db8::/32", "2001:db8::1:0:0:1/128", "10.0.0.0/8", "192.168.0.0/16"]),
      );
      expect(IndexConfigs).toHaveProperty("R.Test:5000");
      await daemon.refresh();
      expect(await daemon.up(settings(written))).toBe("none");
      await daemon.down();
      expect((await live()).InsecureRegistryCIDRs.filter((each) => !/^(127|::1)/.test(each))).toEqual([]);
    });
  },
);
