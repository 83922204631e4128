import type { Measure } from "../harness/bench.ts";
import { addUser } from "./add-user.ts";
import { cachedPull } from "./cached-pull.ts";
import { dockerTransfer } from "./docker-transfer.ts";
import { engineUp } from "./engine-up.ts";
import { manyResources } from "./many-resources.ts";
import { preview } from "./preview.ts";
import { rawTransfer } from "./raw-transfer.ts";
import { renewCertificate } from "./renew-certificate.ts";
import { requests } from "./requests.ts";
import { start } from "./start.ts";
import { startByHand } from "./start-by-hand.ts";

/** Every measure, in the order in which they run and are shown. */
export const measures: Measure[] = [
  start,
  startByHand,
  preview,
  engineUp,
  manyResources,
  requests,
  addUser,
  renewCertificate,
  dockerTransfer,
  rawTransfer,
  cachedPull,
];
