import { randomBytes } from "node:crypto";
import { cacheVolumeName } from "../../components/caches/cache-volume-name.ts";
import { filesVolumeName } from "../../components/files/layout.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { pullImage, pushImage, removeImage } from "../../scripts/proof/daemon-images.ts";
import { cacheContainerName } from "../../stacks/caches/cache-container-name.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { freePort } from "../harness/free-port.ts";
import { startBareRegistry, startHandMadeRegistry } from "../harness/hand-made-registry.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { importLayer, mebibytes } from "../harness/layer.ts";
import type { RegistryUser } from "../harness/registry-client.ts";
import { removeContainer, removeVolume } from "../harness/remove-from-docker.ts";

/** `docker pull` of a large layer that a pull-through cache has already, against ordinary registries that hold it. */
export const cachedPull: Measure = {
  name: "cached-pull",
  figures: ["cached-pull", "cached-pull-tls"],
  async run(bench) {
    const bare = await startBareRegistry(bench);
    const hand = await startHandMadeRegistry(bench, { cost: 4 });
    const path = `bench-${randomBytes(5).toString("hex")}`;
    const sideOf = (port: number, user?: RegistryUser) => ({ repository: `127.0.0.1:${port}/${path}`, user });
    const cache = sideOf(await startCache(bench, `http://${bare.address}:5000`));
    const [ofBare, ofHand] = [sideOf(bare.port), sideOf(hand.port, hand.user)];
    for (const { repository } of [cache, ofBare, ofHand]) {
      bench.leftovers.add(`image ${repository}`, () => removeImage(dockerClient({}), `${repository}:layer`));
    }
    for (const side of [ofBare, ofHand]) await pushLayer(side);
    bench.progress(`  first pull, which fills the cache: ${(await pullRate(cache)).toPrecision(4)} MiB/s`);
    const values = await interleave(bench, {
      cache: () => pullRate(cache),
      bare: () => pullRate(ofBare),
      hand: () => pullRate(ofHand),
    });
    const title = `docker pull of a layer of ${mebibytes} MiB that the cache has, through TLS;`;
    const subject = { label: "cache", values: values.cache };
    const common = { unit: "MiB/s", subject, bound: { kind: "target", atLeast: 0.9 } } as const;
    return [
      {
        ...common,
        name: "cached-pull",
        title: `${title} its upstream, without TLS`,
        reference: { label: "bare registry", values: values.bare },
      },
      {
        ...common,
        name: "cached-pull-tls",
        title: `${title} a registry with TLS and users set up by hand`,
        reference: { label: "by hand", values: values.hand },
      },
    ];
  },
};

interface Side {
  repository: string;
  user: RegistryUser | undefined;
}

async function pushLayer({ repository, user }: Side): Promise<void> {
  const docker = dockerClient({});
  await importLayer(docker, repository, "layer");
  await pushImage(docker, repository, "layer", user);
  await removeImage(docker, `${repository}:layer`);
}

/** MiB/s of a pull of what the daemon does not have. */
async function pullRate({ repository, user }: Side): Promise<number> {
  const docker = dockerClient({});
  const pull = await timed(() => pullImage(docker, `${repository}:layer`, user));
  await removeImage(docker, `${repository}:layer`);
  return (mebibytes / pull) * 1000;
}

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
