import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bridgeAddress, type S3Server, startS3Server } from "../../test/support/s3-server.ts";
import type { Bench, Measure } from "../harness/bench.ts";
import { redirectedShare, roundTrip } from "../harness/blob-transfer.ts";
import { byHandFigure } from "../harness/by-hand-figure.ts";
import { startHandMadeRegistry } from "../harness/hand-made-registry.ts";
import { interleave } from "../harness/interleave.ts";
import { KitStack } from "../harness/kit-stack.ts";
import { mebibytes } from "../harness/layer.ts";
import type { ReachableRegistry } from "../harness/registry-client.ts";

const bucket = "bench";
/** Transfers of each side in a run: single ones differ by a fifth between registries that are the same in everything. */
const transfers = 3;

/** What S3 storage costs through the kit's configuration, against one written by hand, on one S3 server of this machine. */
export const storeTransfer: Measure = {
  name: "store-transfer",
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
    const upload = { kit: [] as number[], hand: [] as number[] };
    const onceMore = async (registry: ReachableRegistry, uploaded: number[]) => {
      const downloaded = await roundTrip(registry, uploaded);
      // What is gone need not be written to the disk while the next one is measured.
      await rm(join(s3.folder, bucket, "docker"), { recursive: true });
      return downloaded;
    };
    // The first transfer of a registry finds no connection to the store and no memory to reuse.
    for (const registry of [kit, hand]) await onceMore(registry, []);
    const download = await interleave(
      { ...bench, runs: bench.runs * transfers },
      { kit: () => onceMore(kit, upload.kit), hand: () => onceMore(hand, upload.hand) },
    );
    const redirect = { ...(bench.settings.registry as object | undefined), redirect: true };
    const redirecting = await (await KitStack.make(bench, { storage, registry: redirect })).deploy();
    const { share } = await interleave(bench, { share: () => redirectedShare(redirecting) });
    return [
      byHandFigure(
        "store-upload",
        `HTTP upload of a blob of ${mebibytes} MiB to an S3 server; config.yml by hand`,
        upload,
      ),
      byHandFigure("store-download", "HTTP download of it through the registry; config.yml by hand", download),
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
