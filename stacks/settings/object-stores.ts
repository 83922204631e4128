import { z } from "zod";
import { certificatesForGo } from "../../components/certificates/certificates-for-go.ts";
import { readCertificates } from "../../components/certificates/read-pem.ts";
import { azureOptions, azureRules } from "../../components/registry/configuration/azure-storage.ts";
import { gcsOptions, gcsRules } from "../../components/registry/configuration/gcs-storage.ts";
import { s3Options, s3Rules } from "../../components/registry/configuration/s3-storage.ts";

/** Where a key belongs that was put among certificates: nowhere here. */
const ofStore = "no setting of a store";

/** Settings of every store with servers of its own. */
export const authority = {
  authority: z
    .string()
    .check(({ value, issues }) => {
      const { problem } = readCertificates(value, ofStore);
      if (problem) issues.push({ code: "custom", message: problem, input: "" });
    })
    .transform(certificatesForGo)
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
