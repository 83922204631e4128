import { setTimeout as pause } from "node:timers/promises";
import bcrypt from "bcryptjs";
import { failures } from "../harness/answers.ts";
import type { Measure } from "../harness/bench.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { startLoad } from "../harness/load.ts";
import { awaitRegistry } from "../harness/registry-client.ts";

const clients = 20;
/** Before and after the change, so that the load is under way when it happens and sees what follows. */
const margin = 1000;

/** Requests that fail while a user is added: 20 a second, each on a connection of its own. */
export const addUser: Measure = {
  name: "add-user",
  figures: ["add-user"],
  async run(bench) {
    const stack = await KitStack.make(bench);
    const registry = await stack.deploy();
    const failed: number[] = [];
    const users: Record<string, unknown> = { ...(stack.get("users") as object) };
    for (let run = 1; run <= bench.runs; run++) {
      bench.signal.throwIfAborted();
      const load = await startLoad({ ...registry, clients, interval: 1000, keepAlive: false, timeout: 10_000 });
      bench.leftovers.add("load", load.terminate);
      await pause(margin);
      const added = { name: `added-${run}`, password: `password-${run}` };
      users[added.name] = { hash: await bcrypt.hash(added.password, 4) };
      await stack.set("users", users);
      await stack.project.run("up");
      await awaitRegistry({ ...registry, user: added });
      await pause(margin);
      const answers = await load.stop();
      const problems = failures(answers).map(({ problem }) => problem);
      failed.push(problems.length);
      bench.progress(
        `  run ${run} of ${bench.runs}: ${answers.length} requests, ${problems.length} failed ${problems}`,
      );
    }
    return [
      {
        name: "add-user",
        title: "Requests that fail while a user is added, at 20 a second",
        unit: "requests",
        subject: { label: "kit", values: failed },
        bound: { kind: "target", atMost: 0, everyRun: true },
      },
    ];
  },
};
