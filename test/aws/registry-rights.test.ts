import { PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../components/storage/s3-policies.ts";
import { registryPolicy } from "../../components/storage/s3-policies.ts";
import { pushImage } from "../registry/configuration/push.ts";
import type { RealRegistry } from "../registry/configuration/real-registry.ts";
import { bridgeAddress } from "../support/s3-server.ts";
import type { AwsUser } from "./aws-account.ts";
import { administrator, makeUser, region, withoutAws } from "./aws-account.ts";
import type { Moto } from "./moto.ts";
import { startMoto } from "./moto.ts";
import { failingWork, seed, startOnS3 } from "./registry-work.ts";

const bucket = "images";
const bucketArn = `arn:aws:s3:::${bucket}`;
const whole = registryPolicy({ bucketArn });
const actions = whole.Statement.flatMap(({ Action }) => Action);
const title = `The rights of a registry on S3, enforced by moto${withoutAws ? ` (skipped: ${withoutAws})` : ""}`;

describe.skipIf(withoutAws !== undefined)(title, { timeout: 120_000 }, () => {
  let moto: Moto;
  let admin: AwsUser;
  let user: AwsUser;
  let registry: RealRegistry;

  beforeAll(async () => {
    moto = await startMoto(await bridgeAddress());
    admin = await makeUser(moto, "admin", administrator);
    user = await makeUser(moto, "registry", whole);
    for (const Bucket of [bucket, "another"]) {
      await admin.s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
      );
    }
    await moto.enforceRights();
    registry = await startOnS3(storageOf(moto, user));
    await pushImage(registry, seed, "1");
  });
  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]();
    await moto?.[Symbol.asyncDispose]();
  });

  async function allow(policy: PolicyDocument): Promise<void> {
    const given = { UserName: user.name, PolicyName: "rights", PolicyDocument: JSON.stringify(policy) };
    await admin.iam.send(new PutUserPolicyCommand(given));
  }

  async function uploads(): Promise<number> {
    const { Uploads = [] } = await admin.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.length;
  }

  const failing = (registry: RealRegistry) => failingWork(registry, uploads);

  it("are enough for all that a registry does", async () => {
    expect(await failing(registry)).toEqual([]);
  });

  it("leave no unfinished upload behind", async () => {
    expect(await uploads()).toBe(0);
  });

  it.each<[string, string[]]>([
    ["s3:ListBucket", ["list tags"]],
    ["s3:ListBucketMultipartUploads", ["push", "cancel an upload"]],
    ["s3:GetObject", ["pull", "push"]],
    ["s3:PutObject", ["push"]],
    ["s3:DeleteObject", ["push", "delete"]],
    ["s3:ListMultipartUploadParts", ["push"]],
    ["s3:AbortMultipartUpload", ["cancel an upload"]],
  ])("without %s these fail, among others: %j", async (action, operations) => {
    await allow(without(action));
    try {
      expect(await failing(registry)).toEqual(expect.arrayContaining(operations));
    } finally {
      await allow(whole);
    }
  });

  it("have no action that is not in this table", () => {
    expect(actions).toHaveLength(7);
  });

  it("end at the bucket", async () => {
    await using other = await startOnS3({ ...storageOf(moto, user), bucket: "another" });
    expect(await failing(other)).toEqual(expect.arrayContaining(["push", "pull", "list tags", "delete"]));
  });

  it("end at the prefix, and a registry in it works", async () => {
    await allow(registryPolicy({ bucketArn, prefix: "team/a" }));
    await using inside = await startOnS3({ ...storageOf(moto, user), rootDirectory: "team/a" });
    await pushImage(inside, seed, "1");
    expect(await failing(inside)).toEqual([]);
    await using beside = await startOnS3({ ...storageOf(moto, user), rootDirectory: "team/ab" });
    expect(await failing(beside)).toEqual(expect.arrayContaining(["push", "pull", "list tags", "delete"]));
    await allow(whole);
  });
});

function storageOf({ plainEndpoint }: Moto, { accessKey, secretKey }: AwsUser) {
  return { bucket, region, regionEndpoint: plainEndpoint, accessKey, secretKey };
}

function without(action: string): PolicyDocument {
  const Statement = whole.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((one) => one !== action),
  })).filter(({ Action }) => Action.length > 0);
  return { ...whole, Statement };
}
