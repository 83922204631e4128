import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:tls";
import { failures, longestGap } from "../harness/answers.ts";
import type { Measure } from "../harness/bench.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { startLoad } from "../harness/load.ts";

/** Milliseconds between two requests: the gap can't be measured finer. */
const interval = 10;
const margin = 1000;

/** How long the registry does not answer while its certificate is renewed, seen by a client that asks all the time. */
export const renewCertificate: Measure = {
  name: "renew-certificate",
  figures: ["renew-certificate"],
  async run(bench) {
    const stack = await KitStack.make(bench);
    const registry = await stack.deploy();
    const gaps: number[] = [];
    for (let run = 1; run <= bench.runs; run++) {
      bench.signal.throwIfAborted();
      const before = await certificateOf(registry.port);
      const load = await startLoad({ ...registry, clients: 1, interval, keepAlive: false, timeout: 250 });
      bench.leftovers.add("load", load.terminate);
      await pause(margin);
      await stack.set("rotation", { certificate: run + 1 });
      await stack.project.run("up");
      await pause(margin);
      const answers = await load.stop();
      if ((await certificateOf(registry.port)) === before) throw new Error("The registry serves the old certificate.");
      gaps.push(longestGap(answers));
      const failed = failures(answers).length;
      bench.progress(
        `  run ${run} of ${bench.runs}: ${gaps.at(-1)?.toFixed(0)} ms, ${failed} of ${answers.length} failed`,
      );
    }
    return [
      {
        name: "renew-certificate",
        title: `Time without an answer while the certificate is renewed, a new connection every ${interval} ms`,
        unit: "ms",
        subject: { label: "kit", values: gaps },
      },
    ];
  },
};

/** SHA-256 of the certificate that is served. */
function certificateOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? "none");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
