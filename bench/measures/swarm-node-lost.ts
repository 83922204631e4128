import { poll } from "../../test/support/poll.ts";
import { pullImage, pushRandomImage } from "../../test/support/registry-api.ts";
import type { Measure } from "../harness/bench.ts";
import { benchSwarmWithBucket, port, serviceSettings } from "../harness/bench-swarm.ts";
import { KitStack } from "../harness/kit-stack.ts";

/** From the moment when the node of the only replica loses power until its image can be pulled from another one. */
export const swarmNodeLost: Measure = {
  name: "swarm-node-lost",
  figures: ["swarm-node-lost"],
  async run(bench) {
    const swarm = await benchSwarmWithBucket(bench, ["manager", "worker", "worker"]);
    if (!swarm) return [];
    const { nodes, client, storage } = swarm;
    const [manager, ...workers] = nodes;
    const service = { replicas: 1, placement: { constraints: ["node.role==worker"] } };
    const stack = await KitStack.make(bench, serviceSettings(swarm, { storage, service }));
    await stack.project.firstUp();
    const { caCertificate: authority } = (await stack.project.outputs()) as { caCertificate: string };
    const api = {
      curl: client.curl,
      places: workers.map(({ address }) => `https://${address}:${port}`),
      options: { authority, user: `${stack.user.name}:${stack.user.password}`, timeout: 1000 },
      retries: 1,
      stays: true,
    };
    const image = await pushRandomImage(api, "bench/image");
    const values: number[] = [];
    for (let run = 1; run <= bench.runs; run++) {
      bench.signal.throwIfAborted();
      const tasks = ["service", "ps", stack.name, "--filter", "desired-state=running", "--format", "{{.Node}}"];
      const running = await manager.docker(...tasks);
      const node = workers.find(({ name }) => name === running);
      if (!node) throw new Error(`No worker runs the registry, but "${running}".`);
      const start = performance.now();
      await node.powerOff();
      await poll("the image is pullable", () => pullImage(api, image).then(() => true), { deadline: 120_000 });
      values.push(performance.now() - start);
      bench.progress(`  run ${run} of ${bench.runs}: ${values.at(-1)?.toFixed(0)} ms`);
      await node.powerOn();
      const back = async () =>
        (await manager.docker("node", "inspect", node.name, "--format", "{{.Status.State}}")) === "ready" || undefined;
      await poll("the node is back", back, { deadline: 60_000 });
    }
    return [
      {
        name: "swarm-node-lost",
        title: "Power of the only replica's node off to its image pulled from another node, S3",
        unit: "ms",
        subject: { label: "kit", values },
        bound: { kind: "target", atMost: 30_000, everyRun: true },
      },
    ];
  },
};
