import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseDocument } from "yaml";
import type { ProjectCopy } from "../support/project-copy.ts";
import { region } from "./aws-account.ts";
import type { Moto } from "./moto.ts";

/** The environment in which the provider for tests is taken for Pulumi's AWS plugin. */
export const testProvider = { PATH: `${join(import.meta.dirname, "provider")}${delimiter}${process.env.PATH}` };

/** Writes the settings of Pulumi's AWS plugin for an emulator, as docs/aws.md says, into those of a stack. */
export function useEmulator(
  copy: ProjectCopy,
  { endpoint, authority }: Moto,
  { accessKey, secretKey }: { accessKey: string; secretKey: string },
): void {
  const customCaBundle = join(copy.folder, "moto.crt");
  writeFileSync(customCaBundle, authority);
  const settings = {
    "aws:region": region,
    "aws:accessKey": accessKey,
    "aws:secretKey": secretKey,
    "aws:endpoints": [{ s3: endpoint, iam: endpoint, kms: endpoint, sts: endpoint }],
    "aws:customCaBundle": customCaBundle,
    "aws:s3UsePathStyle": "true",
    "aws:skipCredentialsValidation": "true",
    "aws:skipMetadataApiCheck": "true",
    "aws:skipRequestingAccountId": "true",
  };
  const document = parseDocument(copy.settingsText());
  for (const [key, value] of Object.entries(settings)) document.setIn(["config", key], document.createNode(value));
  copy.restore(document.toString({ lineWidth: 0 }));
}
