import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Bench, Measure } from "../harness/bench.ts";
import { freePort } from "../harness/free-port.ts";
import { interleave, timed } from "../harness/interleave.ts";
import { awaitRegistry } from "../harness/registry-client.ts";
import { removeContainer } from "../harness/remove-from-docker.ts";
import { startKit } from "./start.ts";

const script = fileURLToPath(new URL("../by-hand/start-registry.sh", import.meta.url));
const keyBits = 4096;

/** The same registry by the kit and by a shell script of openssl, htpasswd and docker run. */
export const startByHand: Measure = {
  name: "start-by-hand",
  figures: ["start-by-hand"],
  async run(bench) {
    const values = await interleave(bench, {
      kit: () => startKit(bench, { tls: { keyBits } }),
      script: () => startWithScript(bench),
    });
    return [
      {
        name: "start-by-hand",
        title: `Nothing to a registry that answers 401/200 over TLS, RSA ${keyBits}; openssl, htpasswd and docker run`,
        unit: "ms",
        subject: { label: "kit", values: values.kit },
        reference: { label: "shell script", values: values.script },
        bound: { kind: "aim", atMost: 2 },
      },
    ];
  },
};

async function startWithScript(bench: Bench): Promise<number> {
  const folder = await mkdtemp(join(bench.folder, "by-hand-"));
  const name = `registry-kit-bench-${randomBytes(5).toString("hex")}`;
  const port = await freePort();
  const user = { name: "bench", password: randomBytes(12).toString("hex") };
  bench.leftovers.add(`container ${name}`, () => removeContainer(name));
  const milliseconds = await timed(async () => {
    await execa(script, [folder, name, String(port), bench.image, String(keyBits)], { input: user.password });
    await awaitRegistry({ port, authority: undefined, user });
  });
  await removeContainer(name);
  return milliseconds;
}
