import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bridgeAddress, type S3Server, startS3Server } from "../../test/support/s3-server.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { redirectedShare, transferInTurn } from "../harness/blob-transfer.ts";
import { byHandFigure } from "../harness/by-hand-figure.ts";
import { startHandMadeRegistry } from "../harness/hand-made-registry.ts";
import { interleave } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { mebibytes } from "../harness/layer.ts";

const bucket = "bench";
/** Values of each side for a run: single ones differ by a fifth between registries that are the same in everything. */
const rounds = 3;

/** What S3 storage costs through the kit's configuration, against one written by hand, on one S3 server of this machine. */
export const storeTransfer: Measure = {
  name: "store-transfer",
  figures: ["store-upload", "store-download", "store-redirect"],
  async run(bench) {
    const s3 = await startStore(bench);
    const { region, endpoint, accessKey, secretKey } = s3;
    const kept = { bucket, region, accessKey, secretKey };
    const storage = { s3: { ...kept, regionEndpoint: endpoint } };
    const kit = await (await KitStack.make(bench, { storage })).deploy();
    const byHand = { region, regionendpoint: endpoint, accesskey: accessKey, secretkey: secretKey };
    const hand = await startHandMadeRegistry(bench, {
      cost: 5,
      storage: { s3: { ...byHand, bucket, forcepathstyle: true }, redirect: { disable: true } },
    });
    // What is gone need not be written to the disk while the next one is measured.
    const clear = () => rm(join(s3.folder, bucket, "docker"), { recursive: true });
    const rates = await transferInTurn({ ...bench, runs: bench.runs * rounds }, { kit, hand }, clear);
    const redirect = { ...(bench.settings.registry as object | undefined), redirect: true };
    const redirecting = await (await KitStack.make(bench, { storage, registry: redirect })).deploy();
    const { share } = await interleave(bench, { share: () => redirectedShare(redirecting) });
    return [
      byHandFigure(
        "store-upload",
        `HTTP upload of ${mebibytes} MiB to an S3 server; config.yml by hand`,
        "upload",
        rates,
      ),
      byHandFigure("store-download", "HTTP download of it through the registry; config.yml by hand", "download", rates),
      {
        name: "store-redirect",
        title: `bytes of a pull of ${mebibytes} MiB that pass through the registry when it redirects`,
        unit: "%",
        subject: { label: "kit", values: share },
        bound: { kind: "target", atMost: 1, everyRun: true },
      },
    ];
  },
};

async function startStore(bench: Bench): Promise<S3Server> {
  const s3 = await startS3Server({ address: await bridgeAddress(), buckets: [bucket] });
  bench.leftovers.add("the S3 server", async () => await s3[Symbol.asyncDispose]());
  return s3;
}
