import { randomBytes } from "node:crypto";
import type { Bench, Measure } from "../harness/bench.ts";
import { freePort } from "../harness/free-port.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { PulumiProject } from "../harness/pulumi-project.ts";
import { awaitRegistry } from "../harness/registry-client.ts";
import { removeContainer } from "../harness/remove-from-docker.ts";

/** From nothing (but the image) to a registry that answers over TLS, against the least that Pulumi can do with Docker. */
export const start: Measure = {
  name: "start",
  figures: ["start"],
  async run(bench) {
    const values = await interleave(bench, {
      kit: () => startKit(bench, {}),
      container: () => startBareContainer(bench),
    });
    return [
      {
        name: "start",
        title: "Nothing to a registry that answers 401/200 over TLS; a Pulumi program of one container",
        unit: "ms",
        subject: { label: "kit", values: values.kit },
        reference: { label: "one docker.Container", values: values.container },
        bound: { kind: "target", atMost: 1.3 },
      },
    ];
  },
};

/** Milliseconds of a first `up` until the registry answers. */
export async function startKit(bench: Bench, settings: Record<string, unknown>): Promise<number> {
  const stack = await KitStack.make(bench, settings);
  const up = await stack.project.firstUp();
  const answers = await timed(() => awaitRegistry({ ...stack, authority: undefined }));
  await stack.project.run("destroy");
  return up + answers;
}

async function startBareContainer(bench: Bench): Promise<number> {
  const container = `registry-kit-bench-${randomBytes(5).toString("hex")}`;
  const port = { internal: 5000, external: await freePort(), ip: "127.0.0.1" };
  const args = { name: container, image: bench.image, ports: [port] };
  const project = await PulumiProject.make(bench, {
    program: `import * as docker from "@pulumi/docker";\nnew docker.Container("registry", ${JSON.stringify(args)});\n`,
    packages: ["@pulumi/pulumi", "@pulumi/docker"],
  });
  bench.leftovers.add(`container ${container}`, () => removeContainer(container));
  const up = await project.firstUp();
  await project.run("destroy");
  return up;
}
