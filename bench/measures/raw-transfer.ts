import type { Measure } from "../harness/bench.ts";
import { transferInTurn } from "../harness/blob-transfer.ts";
import { byHandFigure } from "../harness/by-hand-figure.ts";
import { startHandMadeRegistry } from "../harness/hand-made-registry.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { mebibytes } from "../harness/layer.ts";

/** Upload and download of large blobs without a daemon, against a registry with TLS and users set up by hand. */
export const rawTransfer: Measure = {
  name: "raw-transfer",
  figures: ["raw-upload", "raw-download"],
  async run(bench) {
    const kit = await (await KitStack.make(bench)).deploy();
    const hand = await startHandMadeRegistry(bench, { cost: 5 });
    const rates = await transferInTurn(bench, { kit, hand });
    return [
      byHandFigure("raw-upload", `HTTP upload of ${mebibytes} MiB; TLS and users set up by hand`, "upload", rates),
      byHandFigure("raw-download", "HTTP download of it; TLS and users set up by hand", "download", rates),
    ];
  },
};
