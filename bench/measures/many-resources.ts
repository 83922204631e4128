import { findPulumiCli } from "../../scripts/machine/pulumi-cli.ts";
import type { Measure } from "../harness/bench.ts";
import { interleave } from "../harness/interleave.ts";
import { manyTrivial } from "./growth.ts";

const many = 1000;
const few = 250;

/** How the built-in engine takes many resources: time, memory, and whether both grow with their number only. */
export const manyResources: Measure = {
  name: "many-resources",
  figures: ["many-resources-cli", "many-resources", "many-resources-growth", "many-resources-memory"],
  async run(bench) {
    const own = { ...bench, engine: "builtin" as const };
    const stacks = { many: await manyTrivial(own, "flat", many), few: await manyTrivial(own, "flat", few) };
    const cli =
      (await findPulumiCli(bench.progress)) && (await manyTrivial({ ...bench, engine: "pulumi" }, "flat", many));
    await cli?.firstUp();
    const created = await stacks.many.operate("up");
    bench.leftovers.add("many resources", () => stacks.many.run("destroy"));
    await stacks.few.firstUp();
    const memory = [created.peakMemory];
    const values = await interleave(bench, {
      many: async () => {
        const run = await stacks.many.operate("up");
        memory.push(run.peakMemory);
        return run.milliseconds;
      },
      few: async () => (await stacks.few.run("up")) * (many / few),
      cli: async () => (await cli?.run("up")) ?? Number.NaN,
    });
    return [
      ...(cli
        ? [
            {
              name: "many-resources-cli",
              title: `The same; by the Pulumi CLI`,
              unit: "ms" as const,
              subject: { label: "built-in engine", values: values.many },
              reference: { label: "Pulumi CLI", values: values.cli },
              bound: { kind: "target" as const, atMost: 0.8 },
            },
          ]
        : []),
      {
        name: "many-resources",
        title: `Up without changes of ${many} trivial resources by the built-in engine`,
        unit: "ms",
        subject: { label: "built-in engine", values: values.many },
        bound: { kind: "target", atMost: 5_000 },
      },
      {
        name: "many-resources-growth",
        title: `The same, against ${many / few} times the time of ${few} resources`,
        unit: "ms",
        subject: { label: `${many} resources`, values: values.many },
        reference: { label: `${many / few} x ${few} resources`, values: values.few },
        bound: { kind: "target", atMost: 1.2 },
      },
      {
        name: "many-resources-memory",
        title: `Most memory of the built-in engine's process, creation of ${many} resources included`,
        unit: "MiB",
        subject: { label: "built-in engine", values: memory },
        bound: { kind: "target", atMost: 300, everyRun: true },
      },
    ];
  },
};
