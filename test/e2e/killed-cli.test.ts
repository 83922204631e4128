import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { EngineName } from "../../scripts/engines/engine-name.ts";
import { describeWithEngines } from "../support/describe-with-engines.ts";
import { killAll } from "../support/kill-all.ts";
import { poll } from "../support/poll.ts";
import { ProjectCopy } from "../support/project-copy.ts";

const docker = dockerClient({});
const containers = (name: string) => docker.listContainers({ all: true, filters: { name: [`^/${name}$`] } });

describeWithEngines("A Pulumi CLI that was killed right after it made the container", (first) => {
  if (first !== "pulumi") return it("is left to the Pulumi CLI", () => expect(first).toBe("builtin"));

  it.each<EngineName>(["pulumi", "builtin"])(
    "is followed by cancel, refresh and up of engine %s, which converge",
    async (engine) => {
      await using copy = await ProjectCopy.make({ settings: { trust: "none" } });
      const up = copy.run("up", ["--no-verify", "--engine", first]);
      const made = async () => (await containers(copy.name)).length > 0 || undefined;
      await poll("the container", made, { deadline: 100_000, pause: 5 });
      killAll(copy);
      expect((await up).exitCode).not.toBe(0);
      await copy.pulumi(["cancel", "--yes"]);
      const pending = () => JSON.parse(readFileSync(copy.stateFile, "utf8")).checkpoint.latest.pending_operations ?? [];
      expect(pending()).toMatchObject([{ type: "creating", resource: { type: "docker:index/container:Container" } }]);
      const run = async (command: string, ...args: string[]) => {
        const { exitCode, all } = await copy.run(command, ["--engine", engine, ...args]);
        expect(exitCode, all).toBe(0);
      };
      await run("refresh");
      expect(pending()).toEqual([]);
      await run("up", "--no-verify");
      await run("preview", "--expect-no-changes");
      expect(await containers(copy.name)).toMatchObject([{ State: "running" }]);
    },
  );
});
