import { randomBytes } from "node:crypto";
import { cacheVolumeName } from "../../components/cache/cache-volume-name.ts";
import { dockerClient } from "../../components/docker-host/docker-client.ts";
import { filesVolumeName } from "../../components/registry/layout.ts";
import { pullImage, pushImage, removeImage } from "../../scripts/proof/daemon-images.ts";
import { cacheContainerName } from "../../stacks/cache-container-name.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { freePort } from "../harness/free-port.ts";
import { startBareRegistry } from "../harness/hand-made-registry.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { importLayer, mebibytes } from "../harness/layer.ts";
import { removeContainer, removeVolume } from "../harness/remove-from-docker.ts";

/** `docker pull` of a large layer that a pull-through cache has already, against the registry that it came from. */
export const cachedPull: Measure = {
  name: "cached-pull",
  async run(bench) {
    const docker = dockerClient({});
    const upstream = await startBareRegistry(bench);
    const cachePort = await startCache(bench, `http://${upstream.address}:5000`);
    const path = `bench-${randomBytes(5).toString("hex")}`;
    const [origin, cached] = [upstream.port, cachePort].map((port) => `127.0.0.1:${port}/${path}`) as [string, string];
    for (const name of [origin, cached])
      bench.leftovers.add(`image ${name}`, () => removeImage(docker, `${name}:layer`));
    await importLayer(docker, origin, "layer");
    await pushImage(docker, origin, "layer", undefined);
    await removeImage(docker, `${origin}:layer`);
    const rate = async (name: string) => {
      const pull = await timed(() => pullImage(docker, `${name}:layer`, undefined));
      await removeImage(docker, `${name}:layer`);
      return (mebibytes / pull) * 1000;
    };
    bench.progress(`  first pull, which fills the cache: ${(await rate(cached)).toPrecision(4)} MiB/s`);
    const values = await interleave(bench, { cache: () => rate(cached), bare: () => rate(origin) });
    return [
      {
        name: "cached-pull",
        title: `docker pull of a layer of ${mebibytes} MiB that the cache has, through TLS; the upstream itself without`,
        unit: "MiB/s",
        subject: { label: "cache", values: values.cache },
        reference: { label: "bare registry", values: values.bare },
        bound: { kind: "target", atLeast: 0.9 },
      },
    ];
  },
};

/** A stack with one cache alone. @returns its port on 127.0.0.1 */
async function startCache(bench: Bench, upstream: string): Promise<number> {
  const port = await freePort();
  const stack = await KitStack.make(bench, { registry: "none", caches: { bench: { upstream, port } } });
  const container = cacheContainerName(stack, "bench");
  bench.leftovers.add(`Docker objects of ${container}`, async () => {
    await removeContainer(container);
    for (const volume of [filesVolumeName(container), cacheVolumeName(container, upstream)]) await removeVolume(volume);
  });
  await stack.project.firstUp();
  return port;
}
