import { findPulumiCli } from "../../scripts/machine/pulumi-cli.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import type { Figure } from "../harness/figure.ts";
import { interleave } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";

/** The dev stack by the built-in engine, against the Pulumi CLI where there is one; and what the engine itself takes. */
export const engineUp: Measure = {
  name: "engine-up",
  figures: ["engine-first-up", "engine-up", "engine-share"],
  async run(bench) {
    const own: Bench = { ...bench, engine: "builtin" };
    const cli: Bench = { ...bench, engine: "pulumi" };
    const hasCli = (await findPulumiCli(bench.progress)) !== undefined;
    const first = hasCli
      ? await interleave(bench, { own: () => firstUp(own), pulumi: () => firstUp(cli) })
      : await interleave(bench, { own: () => firstUp(own) });
    const ownStack = await deployed(own);
    const cliStack = hasCli ? await deployed(cli) : undefined;
    const busy: number[] = [];
    const ownAgain = async () => {
      const run = await ownStack.project.operate("up");
      busy.push(run.busy);
      return run.milliseconds;
    };
    const again = cliStack
      ? await interleave(bench, { own: ownAgain, pulumi: () => cliStack.project.run("up") })
      : await interleave(bench, { own: ownAgain });
    return [
      compared("engine-first-up", "First up of the dev stack by the built-in engine", first),
      compared("engine-up", "Up without changes of the dev stack by the built-in engine", again),
      {
        name: "engine-share",
        title: "Of an up without changes: processor time that the built-in engine's main thread takes",
        unit: "ms",
        subject: { label: "built-in engine", values: busy },
        bound: { kind: "target", atMost: 200 },
      },
    ];
  },
};

async function firstUp(bench: Bench): Promise<number> {
  const { project } = await KitStack.make(bench);
  const milliseconds = await project.firstUp();
  await project.run("destroy");
  return milliseconds;
}

async function deployed(bench: Bench): Promise<KitStack> {
  const stack = await KitStack.make(bench);
  await stack.project.firstUp();
  return stack;
}

function compared(name: string, title: string, values: { own: number[]; pulumi?: number[] }): Figure {
  const subject = { label: "built-in engine", values: values.own };
  if (!values.pulumi) return { name, title, unit: "ms", subject };
  const reference = { label: "Pulumi CLI", values: values.pulumi };
  return {
    name,
    title: `${title}; by the Pulumi CLI`,
    unit: "ms",
    subject,
    reference,
    bound: { kind: "target", atMost: 0.8 },
  };
}
