import { setTimeout as pause } from "node:timers/promises";
import { failures, requestRate } from "../harness/answers.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { startHandMadeRegistry } from "../harness/hand-made-registry.ts";
import { interleave } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { startLoad } from "../harness/load.ts";
import type { ReachableRegistry } from "../harness/registry-client.ts";

const clients = 8;
const milliseconds = 3000;

/** How many requests a second the registry authenticates: the registry checks the bcrypt hash with each. */
export const requests: Measure = {
  name: "requests",
  figures: ["requests"],
  async run(bench) {
    const kit = await (await KitStack.make(bench)).deploy();
    const lab = await startHandMadeRegistry(bench, { cost: 5 });
    const values = await interleave(bench, {
      kit: () => rate(bench, { ...kit, user: kit.generated }),
      lab: () => rate(bench, lab),
    });
    return [
      {
        name: "requests",
        title: `Authenticated GET /v2/ over ${clients} TLS connections; htpasswd with cost 5`,
        unit: "requests/s",
        subject: { label: "kit, generated password", values: values.kit },
        reference: { label: "htpasswd -C 5", values: values.lab },
        bound: { kind: "target", atLeast: 1.5 },
      },
    ];
  },
};

async function rate(bench: Bench, registry: ReachableRegistry): Promise<number> {
  const load = await startLoad({ ...registry, clients, interval: 0, keepAlive: true, timeout: 10_000 });
  bench.leftovers.add("load", load.terminate);
  await pause(milliseconds);
  const answers = await load.stop();
  const [failed] = failures(answers);
  if (failed) throw new Error(`A request failed: ${failed.problem}`);
  return requestRate(answers);
}
