import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import type { DockerNode } from "../support/docker-node.ts";
import { killAll } from "../support/kill-all.ts";
import { isLong } from "../support/long.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { registryImage } from "../support/start-registry.ts";

const obstacle = await dockerNodeObstacle(registryImage);

/** A shipped stack, with settings that make as many types of resources as it can have. */
interface Shipped {
  stack: string;
  settings: Record<string, unknown>;
  /** The resources that a kill of `up` is tried with in every run: each left something behind once. */
  sample: string[];
  /** Those that it is tried with under the Pulumi CLI. */
  cliSample: string[];
}

const insecureRegistries = ["10.9.8.0/24"];
const shipped: Shipped[] = [
  {
    stack: "dev",
    settings: { trust: { insecureRegistries }, "container.user": "1000:1000" },
    sample: ["registry-configuration", "registry-daemon"],
    cliSample: ["registry-configuration", "registry-daemon", "registry", "registry-trust"],
  },
  { stack: "mirror", settings: { trust: { insecureRegistries } }, sample: [], cliSample: [] },
  {
    stack: "swarm",
    settings: {
      service: { publish: "host", health: { interval: "1s" }, update: { monitor: "1s" } },
      trust: "swarm",
    },
    sample: ["registry-swarm-trust"],
    cliSample: ["registry-swarm-trust", "registry-swarm"],
  },
];

/** `kill -9` of `up` just after it began to create a resource: whatever was begun goes with the stack. */
describeWithEngines(`An up that is killed${obstacle ? ` (skipped: ${obstacle})` : ""}`, (engine) => {
  describe.skipIf(obstacle)("on a node", { timeout: isLong ? 3_600_000 : 240_000 }, () => {
    let network: NodeNetwork;
    let node: DockerNode;
    beforeAll(async () => {
      network = await nodeNetwork();
      node = await network.startNode();
      await node.load(registryImage);
    });
    afterAll(() => network?.[Symbol.asyncDispose]());

    /** All that an up can leave on the node. */
    async function leftOver(): Promise<Record<string, string>> {
      const of = (...args: string[]) => node.docker(...args).catch(() => "no swarm");
      return {
        containers: await of("ps", "--all", "--format", "{{.Names}} {{.Status}}"),
        volumes: await of("volume", "ls", "--format", "{{.Name}}"),
        // A bridge that dockerd makes for its swarm, and keeps.
        networks: (await of("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}")).replace(
          "docker_gwbridge",
          "",
        ),
        services: await of("service", "ls", "--format", "{{.Name}}"),
        secrets: await of("secret", "ls", "--format", "{{.Name}}"),
        configs: await of("config", "ls", "--format", "{{.Name}}"),
        swarm: await of("info", "--format", "{{.Swarm.LocalNodeState}}"),
        registries: await of("info", "--format", "{{.RegistryConfig.InsecureRegistryCIDRs}}"),
        etc: filesIn(join(node.folder, "etc")),
      };
    }

    /** Runs an up until it says that it creates the resource, and kills all of it then. */
    async function killUp(copy: ProjectCopy, stack: string, resource: string, args: string[] = []): Promise<void> {
      const running = copy.run("up", ["--no-verify", "--verbose", ...args], { detached: true });
      let said = "";
      let killing: Promise<void> | undefined;
      const creating = new RegExp(`\\b${resource} .*creating`);
      running.all?.on("data", (text) => {
        said += text;
        if (!creating.test(said)) return;
        // The CLI says so before it begins. Once: a second kill would meet the next command.
        killing ??= sleep(engine === "pulumi" ? 100 : 0).then(() => killAll(copy));
      });
      await running;
      await killing;
      expect(said, `${resource} was created`).toMatch(creating);
      if (engine === "pulumi") await followTroubleshooting(copy, stack);
    }

    /** What docs/troubleshooting.md says to do after a kill of the CLI; the built-in engine takes the lock of a dead run over. */
    async function followTroubleshooting(copy: ProjectCopy, stack: string): Promise<void> {
      const state = copy.stateFile.replace(/[^/]+$/, `${stack}.json`);
      await copy.pulumi(["cancel", "--yes"], { stack });
      if (existsSync(state) && statSync(state).size === 0) copyFileSync(`${state}.bak`, state);
    }

    it("of a throw-away stack leaves nothing to reap twice", async () => {
      const before = await leftOver();
      for (const resource of isLong
        ? ["registry-files", "registry-configuration", "registry", "registry-trust"]
        : ["registry-configuration"]) {
        await using copy = await ProjectCopy.make({ engine, node });
        await killUp(copy, "pr-1", resource, ["--stack", "pr-1", "--from", "dev"]);
        const { exitCode, all } = await copy.run("reap", ["--older-than", "0m", "--match", "pr-1"]);
        expect(exitCode, all).toBe(0);
        expect(all).toMatch(/^pr-1 .*: removed$/m);
        expect(await leftOver(), resource).toEqual(before);
      }
    });

    const isTried = ({ sample, cliSample }: Shipped) => (engine === "pulumi" ? cliSample : sample).length > 0;
    const tried = isLong && engine === "builtin" ? shipped : shipped.filter(isTried);
    describe.each(tried)("stack $stack", ({ stack, settings, sample, cliSample }) => {
      let before: Record<string, string>;
      let resources: string[] = engine === "pulumi" ? cliSample : sample;
      beforeAll(async () => {
        before = await leftOver();
        if (!isLong || engine === "pulumi") return;
        await using copy = await ProjectCopy.make({ engine, stack, node, settings });
        const { all, exitCode } = await copy.run("up", ["--no-verify", "--verbose"]);
        expect(exitCode, all).toBe(0);
        // The first of each type.
        resources = [...new Set([...all.matchAll(/(\S+) \S+ creating/g)].map(([, type = ""]) => type))];
        const down = await copy.run("down", ["--purge", "--yes"]);
        expect(down.exitCode, down.all).toBe(0);
      });

      it.each(isLong ? [["down"], ["down", "--purge", "--yes"]] : [["down", "--purge", "--yes"]])(
        "$0 $1 leaves nothing of what was begun",
        async (command, ...args) => {
          for (const resource of resources) {
            await using copy = await ProjectCopy.make({ engine, stack, node, settings });
            await killUp(copy, stack, resource);
            const { exitCode, all } = await copy.run(String(command), args);
            expect(exitCode, `${resource}: ${all}`).toBe(0);
            // That of a service may not be there yet: tasks make it, and only their node knows.
            const kept = [...all.matchAll(/docker volume rm (\S+)/g)].map(([, name = ""]) => name);
            if (kept.length > 0) await node.docker("volume", "rm", "--force", ...kept);
            expect(await leftOver(), resource).toEqual(before);
          }
        },
      );
    });
  });
});

function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => join(folder, name))
    .map((path) => `${path}${statSync(path).isFile() ? ` ${readFileSync(path, "utf8")}` : ""}`)
    .join("\n");
}
