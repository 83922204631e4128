import * as pulumi from "@pulumi/pulumi";
import type { RegistryStorage } from "../../components/registry/registry-storage.ts";
import type { Settings } from "../settings/settings.ts";
import type { AwsStorageSettings } from "./aws-settings.ts";

/** The place of a stack's images, and what its outputs say of it. */
export interface StackStorage {
  storage: RegistryStorage;
  outputs: StorageOutputs;
}

/** Present where the stack made or adopted a bucket. */
export interface StorageOutputs {
  bucket?: pulumi.Output<string>;
  /** Whether the bucket outlives the stack, as the state has it. */
  bucketKept?: boolean;
  /** ARN of the role that the registry must run with. */
  storageRole?: pulumi.Output<string>;
  /** Name of the instance profile that the EC2 instance must have. */
  instanceProfile?: pulumi.Output<string>;
}

/** Makes or finds the place of a stack's images. */
export async function makeStorage(
  { storage, rotation }: Settings,
  opts: pulumi.ComponentResourceOptions,
): Promise<StackStorage> {
  if (!("aws" in storage)) return { storage, outputs: {} };
  return makeBucket(storage.aws, rotation.storageKey, opts);
}

async function makeBucket(
  settings: AwsStorageSettings,
  keyGeneration: number,
  opts: pulumi.ComponentResourceOptions,
): Promise<StackStorage> {
  // Loads what other stacks don't use.
  const { S3Storage } = await import("../../components/storage/s3-storage.ts");
  const owner = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const made = new S3Storage("registry-images", { ...settings, owner, keyGeneration }, opts);
  return {
    storage: { objects: made.storage, authority: settings.authority },
    outputs: {
      bucket: made.bucket,
      bucketKept: !settings.destroyImages,
      ...(made.roleArn ? { storageRole: made.roleArn } : {}),
      ...(made.instanceProfile ? { instanceProfile: made.instanceProfile } : {}),
    },
  };
}
