import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../stacks/loading/load-settings.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const load = (aws: unknown) => testSettings({ hosts: ["127.0.0.1"], storage: { aws } }, { stack: "aws" });
const problems = (aws: unknown) => settingsProblems(() => load(aws));

describe("storage.aws", () => {
  it("needs no settings at all: a new bucket, S3's own encryption, a user of its own, everything kept", () => {
    expect(load({}).storage).toEqual({
      aws: {
        adopt: false,
        encryption: "s3",
        destroyImages: false,
        tags: {},
        identity: { type: "user" },
        driver: { accelerate: false, useDualStack: false },
      },
    });
  });

  it("names every rule that a bucket's name breaks", () => {
    expect(problems({ bucket: "My_Images.." })).toEqual([
      'storage.aws.bucket is "My_Images.."; it must hold only lower-case letters, digits, dots and hyphens.',
      'storage.aws.bucket is "My_Images.."; it must begin and end with a letter or digit.',
      'storage.aws.bucket is "My_Images.."; it must not hold two dots in a row.',
    ]);
  });

  it.each([
    [{ adopt: true }, "storage.aws.adopt is set, but no bucket is named"],
    [{ adopt: true, bucket: "images", destroyImages: true }, "storage.aws.destroyImages is set, but an adopted bucket"],
    [{ accelerate: true, bucket: "a.b" }, "storage.aws.accelerate works with buckets only that have no dot"],
    [{ accelerate: true, endpoint: "http://127.0.0.1:1" }, "storage.aws.accelerate works with Amazon's own endpoint"],
    [{ authority: "PEM" }, "storage.aws.authority "],
    [{ prefix: "/a/" }, 'storage.aws.prefix is "/a/"; it must be letters'],
    [{ encryption: { kmsKeyArn: "1234" } }, 'storage.aws.encryption.kmsKeyArn is "1234"; it must be arn:aws:kms'],
    [{ versioning: { expireAfterDays: 0 } }, "storage.aws.versioning.expireAfterDays "],
    [{ identity: { accessKey: "AKIA" } }, "storage.aws.identity.secretKey is missing."],
    [
      { identity: { webIdentity: { provider: "x", subject: "y" } } },
      'storage.aws.identity.webIdentity.provider is "x"; it must be',
    ],
    [{ bukcet: "images" }, 'storage.aws.bukcet is not a setting. Did you mean "bucket"?'],
  ])("%j is refused: %s", (aws, message) => {
    const found = problems(aws);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it("never shows a secret key that it refuses", () => {
    const found = problems({ identity: { accessKey: "AKIA", secretKey: "s3cret-", sessionToken: "t0ken-" } });
    expect(found).not.toEqual([]);
    expect(found.join()).not.toMatch(/s3cret-|t0ken-/);
  });

  it("does not go with another place for images", () => {
    const values = {
      "registry-kit:hosts": '["127.0.0.1"]',
      "registry-kit:storage": '{"aws":{},"volume":{"name":"images"}}',
    };
    expect(() => loadSettings({ values, project: "registry-kit", stack: "aws" }, new Date())).toThrow(
      "names volume and aws; images can live in one place only",
    );
  });
});
