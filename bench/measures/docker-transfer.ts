import { randomBytes } from "node:crypto";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { pullImage, pushImage, removeImage } from "../../scripts/proof/daemon-images.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { startBareRegistry } from "../harness/hand-made-registry.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { importLayer, mebibytes } from "../harness/layer.ts";
import type { RegistryUser } from "../harness/registry-client.ts";

interface Side {
  port: number;
  user?: RegistryUser;
}

/** `docker push` and `docker pull` of a large layer, as users see it: with the daemon's packing and unpacking. */
export const dockerTransfer: Measure = {
  name: "docker-transfer",
  figures: ["docker-push", "docker-pull"],
  async run(bench) {
    const kit: Side = await (await KitStack.make(bench)).deploy();
    const bare: Side = { port: (await startBareRegistry(bench)).port };
    const push = { kit: [] as number[], bare: [] as number[] };
    const pull = await interleave(bench, {
      kit: () => roundTrip(bench, kit, push.kit),
      bare: () => roundTrip(bench, bare, push.bare),
    });
    const against = "through TLS and users; a registry without both";
    return [
      figure("docker-push", `docker push of a layer of ${mebibytes} MiB ${against}`, push),
      figure("docker-pull", `docker pull of it ${against}`, pull),
    ];
  },
};

function figure(name: string, title: string, values: { kit: number[]; bare: number[] }) {
  return {
    name,
    title,
    unit: "MiB/s" as const,
    subject: { label: "kit", values: values.kit },
    reference: { label: "bare registry", values: values.bare },
    bound: { kind: "target" as const, atLeast: 0.9 },
  };
}

/** Pushes a new image, removes it from the daemon and pulls it. @returns MiB/s of the pull; that of the push goes to `pushed` */
async function roundTrip(bench: Bench, { port, user }: Side, pushed: number[]): Promise<number> {
  const docker = dockerClient({});
  // The daemon takes a loopback address for a registry without a certificate that it can verify: no file in /etc/docker.
  const repository = `127.0.0.1:${port}/bench-${randomBytes(5).toString("hex")}`;
  const reference = `${repository}:layer`;
  bench.leftovers.add(`image ${reference}`, () => removeImage(docker, reference));
  await importLayer(docker, repository, "layer");
  const push = await timed(() => pushImage(docker, repository, "layer", user));
  pushed.push((mebibytes / push) * 1000);
  bench.progress(`    push: ${(push / 1000).toFixed(2)} s`);
  await removeImage(docker, reference);
  const pull = await timed(() => pullImage(docker, reference, user));
  await removeImage(docker, reference);
  return (mebibytes / pull) * 1000;
}
