import type { Measure } from "../harness/bench.ts";
import { benchSwarm, serviceSettings } from "../harness/bench-swarm.ts";
import { interleave } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { PulumiProject } from "../harness/pulumi-project.ts";

/** A preview of the swarm stack that finds nothing to do, against that of a program that does nothing. */
export const swarmPreview: Measure = {
  name: "swarm-preview",
  figures: ["swarm-preview"],
  async run(bench) {
    const swarm = await benchSwarm(bench, ["manager", "worker"]);
    if (!swarm) return [];
    const program = 'import * as pulumi from "@pulumi/pulumi";\n';
    const empty = await PulumiProject.make(bench, { program, packages: ["@pulumi/pulumi"] });
    await empty.firstUp();
    const kit = await KitStack.make(bench, serviceSettings(swarm));
    await kit.project.firstUp();
    const values = await interleave(bench, {
      kit: () => kit.project.run("preview"),
      empty: () => empty.run("preview"),
    });
    return [
      {
        name: "swarm-preview",
        title: "Preview of the swarm stack without changes; that of an empty Pulumi program",
        unit: "ms",
        subject: { label: "kit", values: values.kit },
        reference: { label: "empty program", values: values.empty },
        bound: { kind: "target", atMost: 1.2 },
      },
    ];
  },
};
