import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findPulumiCli } from "../../scripts/machine/pulumi-cli.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import type { EngineOperation } from "../harness/engine-process.ts";
import type { Figure } from "../harness/figure.ts";
import { PulumiProject } from "../harness/pulumi-project.ts";

const small = 1000;
const big = 5000;
/** Enough to tell the engines apart: the CLI takes minutes for more. */
const few = 250;
const shapes = ["flat", "chain"] as const;
type Shape = (typeof shapes)[number];

/** In the order in which a stack lives: each is measured on what the one before has left. */
const operations = ["up", "preview", "update", "refresh", "destroy"] as const;
type Operation = (typeof operations)[number];

/** One operation on one stack. */
interface Cost {
  milliseconds: number;
  /** What the engine's own main thread took of it: the program and the provider are other processes. */
  busy: number;
  peakMemory: number;
}
type Life = Record<Operation, Cost>;

/**
 * Whether a resource costs the same in a big stack as in a small one, side by side (flat) and one after the other (chain), and
 * how much that differs between two small stacks that are alike. Takes minutes on a quiet machine, so it runs only where it is named.
 */
export const growth: Measure = {
  name: "growth",
  onlyByName: true,
  figures: shapes.flatMap((shape) => [
    ...operations.flatMap((operation) =>
      ["", "-engine", "-noise"].map((ending) => `growth-${shape}-${operation}${ending}`),
    ),
    `growth-${shape}-memory`,
    ...operations.map((operation) => `growth-${shape}-${operation}-cli`),
  ]),
  async run(bench) {
    const figures: Figure[] = [];
    for (const shape of shapes) {
      const lives = { small: [] as Life[], again: [] as Life[], big: [] as Life[] };
      for (let run = 1; run <= bench.runs; run++) {
        lives.small.push(await live(bench, shape, small));
        lives.big.push(await live(bench, shape, big));
        lives.again.push(await live(bench, shape, small));
        bench.progress(`  ${shape}, run ${run} of ${bench.runs}`);
      }
      figures.push(...operations.flatMap((operation) => figuresOf(shape, operation, lives)));
      figures.push({
        name: `growth-${shape}-memory`,
        title: `Most memory of the built-in engine's process with ${big} resources (${shape})`,
        unit: "MiB",
        subject: {
          label: "built-in engine",
          values: lives.big.map((life) => Math.max(...operations.map((operation) => life[operation].peakMemory))),
        },
        bound: { kind: "target", atMost: 250 },
      });
    }
    if (await findPulumiCli(bench.progress))
      for (const shape of shapes) figures.push(...(await besideCli(bench, shape)));
    return figures;
  },
};

/** The same life by the Pulumi CLI. */
async function besideCli(bench: Bench, shape: Shape): Promise<Figure[]> {
  const lives = { builtin: [] as Life[], pulumi: [] as Life[] };
  for (let run = 1; run <= bench.runs; run++)
    for (const engine of ["builtin", "pulumi"] as const)
      lives[engine].push(await live({ ...bench, engine }, shape, few));
  const of = (side: Life[], operation: Operation) => side.map((life) => life[operation].milliseconds);
  return operations.map((operation) => ({
    name: `growth-${shape}-${operation}-cli`,
    title: `${operation} of ${few} resources (${shape})`,
    unit: "ms",
    subject: { label: "built-in engine", values: of(lives.builtin, operation) },
    reference: { label: "Pulumi CLI", values: of(lives.pulumi, operation) },
    bound: { kind: "target", atMost: 0.8 },
  }));
}

function figuresOf(shape: Shape, operation: Operation, lives: Record<"small" | "again" | "big", Life[]>): Figure[] {
  const of = (side: Life[], cost: keyof Cost, count: number) =>
    side.map((life) => life[operation][cost] / (count / small));
  const compared = (name: string, title: string, cost: keyof Cost): Figure => ({
    name: `growth-${shape}-${name}`,
    title,
    unit: "ms",
    subject: { label: `${big} resources, for ${small}`, values: of(lives.big, cost, big) },
    reference: { label: `${small} resources`, values: of(lives.small, cost, small) },
    bound: { kind: "target", atMost: 1.3 },
  });
  return [
    compared(operation, `${operation} of ${shape} resources`, "milliseconds"),
    compared(`${operation}-engine`, `The same: processor time of the built-in engine's main thread`, "busy"),
    {
      name: `growth-${shape}-${operation}-noise`,
      title: `The same of two alike stacks of ${small}`,
      unit: "ms",
      subject: { label: "the second", values: of(lives.again, "milliseconds", small) },
      reference: { label: "the first", values: of(lives.small, "milliseconds", small) },
    },
  ];
}

/** The life of one stack, from nothing to nothing. */
async function live(bench: Bench, shape: Shape, count: number): Promise<Life> {
  const project = await manyTrivial(bench, shape, count);
  const operate = async (operation: EngineOperation): Promise<Cost> => {
    bench.signal.throwIfAborted();
    return await project.operate(operation);
  };
  bench.leftovers.add(`stack of ${count} resources (${shape})`, () => project.run("destroy"));
  const up = await operate("up");
  const preview = await operate("preview");
  await writeFile(join(project.folder, "main.js"), programOf(shape, count, 2));
  const update = await operate("up");
  return { up, preview, update, refresh: await operate("refresh"), destroy: await operate("destroy") };
}

/** Resources of the kit's own provider that are a few random bytes each. */
export function manyTrivial(bench: Bench, shape: Shape, count: number): Promise<PulumiProject> {
  return PulumiProject.make(
    { ...bench, engine: bench.engine ?? "builtin" },
    {
      program: programOf(shape, count, 1),
      project: { plugins: { providers: [{ name: "registry-kit", path: "./provider" }] } },
      packages: ["@pulumi/pulumi"],
      folders: ["lib", "components", "provider", "engine", "scripts"],
    },
  );
}

function programOf(shape: Shape, count: number, generation: number): string {
  const value = shape === "chain" ? `last ? last.value.apply(() => ${generation}) : ${generation}` : `${generation}`;
  return `
import { KitProvider } from "./components/kit-provider.ts";
import { HttpSecret } from "./components/registry/http-secret.ts";

const provider = new KitProvider("registry-kit");
let last;
for (let i = 0; i < ${count}; i++) last = new HttpSecret(\`secret-\${i}\`, { generation: ${value} }, { provider });
`;
}
