import type { Bench, Measure } from "../harness/bench.ts";
import { interleave } from "../harness/interleave.ts";
import { PulumiProject } from "../harness/pulumi-project.ts";

const many = 1000;
const few = 250;

/** How the kit's own engine takes many resources: time, memory, and whether both grow with their number only. */
export const manyResources: Measure = {
  name: "many-resources",
  figures: ["many-resources", "many-resources-growth", "many-resources-memory"],
  async run(bench) {
    const stacks = { many: await project(bench, many), few: await project(bench, few) };
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
    });
    return [
      {
        name: "many-resources",
        title: `Up without changes of ${many} trivial resources by the kit's own engine`,
        unit: "ms",
        subject: { label: "own engine", values: values.many },
        bound: { kind: "target", atMost: 10_000 },
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
        title: `Most memory of the own engine's process, creation of ${many} resources included`,
        unit: "MiB",
        subject: { label: "own engine", values: memory },
        bound: { kind: "target", atMost: 300, everyRun: true },
      },
    ];
  },
};

/** Resources of the kit's own provider that are a few random bytes each. */
function project(bench: Bench, count: number): Promise<PulumiProject> {
  const program = `
import { KitProvider } from "./components/kit-provider.ts";
import { HttpSecret } from "./components/registry/http-secret.ts";

const provider = new KitProvider("registry-kit");
for (let i = 0; i < ${count}; i++) new HttpSecret(\`secret-\${i}\`, { generation: 1 }, { provider });
`;
  return PulumiProject.make(
    { ...bench, engine: "own" },
    {
      program,
      project: { plugins: { providers: [{ name: "registry-kit", path: "./provider" }] } },
      packages: ["@pulumi/pulumi"],
      folders: ["components", "provider", "engine", "scripts"],
    },
  );
}
