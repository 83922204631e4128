import { CreateKeyCommand, EnableKeyRotationCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import type { AwsType } from "./aws-type.ts";

/** `aws:kms/key:Key`. */
export const kmsKey: AwsType<KeyArgs> = {
  token: "aws:kms/key:Key",
  inputs: ["description", "enableKeyRotation", "deletionWindowInDays", "tags"],
  computed: ["arn", "keyId"],
  replaceOn: ["description", "tags"],
  async create({ kms }, { description, enableKeyRotation, tags }) {
    const Tags = Object.entries((tags ?? {}) as Record<string, string>).map(([TagKey, TagValue]) => ({
      TagKey,
      TagValue,
    }));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: String(description ?? ""), Tags }));
    const KeyId = KeyMetadata?.KeyId ?? "";
    if (enableKeyRotation === true) await kms.send(new EnableKeyRotationCommand({ KeyId }));
    return { id: KeyId, outputs: { keyId: KeyId, arn: KeyMetadata?.Arn ?? "" } };
  },
  async delete({ kms }, id, { deletionWindowInDays }) {
    await kms.send(
      new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: Number(deletionWindowInDays ?? 30) }),
    );
  },
};
