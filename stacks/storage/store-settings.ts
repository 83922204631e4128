import { z } from "zod";
import { azureOptions, azureRules } from "../../components/registry/configuration/azure-storage.ts";
import { gcsOptions, gcsRules } from "../../components/registry/configuration/gcs-storage.ts";
import { s3Options, s3Rules } from "../../components/registry/configuration/s3-section.ts";
import { pemAuthorities } from "../schema/pem-authorities.ts";

/** Settings of every store with servers of its own. */
export const authority = {
  // A key that was put among certificates belongs nowhere here.
  authority: pemAuthorities("no setting of a store")
    .optional()
    .describe(
      "PEM of the authorities that sign the store's certificate, if they are not public. The whole registry trusts them in addition to the public ones.",
    ),
};

/** Only what the kit puts there is in the container: no file with a key. */
const { keyFile: _, ...gcs } = gcsOptions;

/** Object storage as settings: the options of the registry's own driver, the name of the driver as key. */
export const objectStores = {
  s3: z
    .strictObject({ ...s3Options, ...authority })
    .check(s3Rules)
    .optional()
    .describe("A bucket of Amazon S3, or of a server with its protocol. It must exist, and is never removed."),
  azure: z
    .strictObject({ ...azureOptions, ...authority })
    .check(azureRules)
    .optional()
    .describe("A container of Azure Blob Storage. It must exist, and is never removed."),
  gcs: z
    .strictObject({ ...gcs, ...authority })
    .check(gcsRules)
    .optional()
    .describe("A bucket of Google Cloud Storage. It must exist, and is never removed."),
};
