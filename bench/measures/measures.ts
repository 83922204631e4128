import type { Measure } from "../harness/bench.ts";
import { addUser } from "./add-user.ts";
import { cachedPull } from "./cached-pull.ts";
import { dockerTransfer } from "./docker-transfer.ts";
import { engineUp } from "./engine-up.ts";
import { growth } from "./growth.ts";
import { manyResources } from "./many-resources.ts";
import { preview } from "./preview.ts";
import { rawTransfer } from "./raw-transfer.ts";
import { renewCertificate } from "./renew-certificate.ts";
import { requests } from "./requests.ts";
import { start } from "./start.ts";
import { startByHand } from "./start-by-hand.ts";
import { storeTransfer } from "./store-transfer.ts";
import { swarmNodeLost } from "./swarm-node-lost.ts";
import { swarmPreview } from "./swarm-preview.ts";
import { swarmRenewCertificate } from "./swarm-renew-certificate.ts";
import { swarmStart } from "./swarm-start.ts";
import { trustNodes } from "./trust-nodes.ts";

/** Every measure, in the order in which they run and are shown. */
export const measures: Measure[] = [
  start,
  startByHand,
  preview,
  engineUp,
  manyResources,
  growth,
  requests,
  addUser,
  renewCertificate,
  dockerTransfer,
  rawTransfer,
  storeTransfer,
  cachedPull,
  swarmStart,
  swarmPreview,
  swarmRenewCertificate,
  swarmNodeLost,
  trustNodes,
];
