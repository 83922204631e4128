import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";

/** The services that the provider talks to. */
export interface Amazon {
  s3: S3Client;
  iam: IAMClient;
  kms: KMSClient;
  region: string;
}

/** @param config of the provider: what `aws:<name>` in a stack's settings says; lists as JSON text. */
export function connect(config: PropertyMap): Amazon {
  const { region, accessKey, secretKey, customCaBundle } = config;
  const endpoints = Object.assign({}, ...(listOf(config.endpoints) as PropertyMap[])) as Record<string, string>;
  const common = {
    region: String(region),
    credentials: { accessKeyId: String(accessKey), secretAccessKey: String(secretKey) },
    ...(customCaBundle
      ? { requestHandler: { httpsAgent: new Agent({ ca: readFileSync(String(customCaBundle)) }) } }
      : {}),
  };
  const at = (service: string) => ({ ...common, ...(endpoints[service] ? { endpoint: endpoints[service] } : {}) });
  return {
    region: common.region,
    s3: new S3Client({ ...at("s3"), forcePathStyle: String(config.s3UsePathStyle) === "true" }),
    iam: new IAMClient(at("iam")),
    kms: new KMSClient(at("kms")),
  };
}

function listOf(value: PropertyValue | undefined): PropertyValue[] {
  if (typeof value === "string") return listOf(JSON.parse(value) as PropertyValue);
  return Array.isArray(value) ? value : [];
}
