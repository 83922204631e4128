import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  GetInstanceProfileCommand,
  ListAccessKeysCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { curl } from "../support/curl.ts";
import type { DockerUser } from "../support/docker-user.ts";
import { dockerUser, makeRandomImage } from "../support/docker-user.ts";
import { killAll } from "../support/kill-all.ts";
import { poll } from "../support/poll.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { bridgeAddress } from "../support/s3-server.ts";
import type { AwsUser } from "./aws-account.ts";
import { administrator, makeUser, region, withoutAws } from "./aws-account.ts";
import type { Moto } from "./moto.ts";
import { startMoto } from "./moto.ts";
import { testProvider, useEmulator } from "./use-emulator.ts";

const MiB = 1024 * 1024;
const title = `The stack "aws" on moto, with rights enforced${withoutAws ? ` (skipped: ${withoutAws})` : ""}`;

describe.skipIf(withoutAws !== undefined)(title, { timeout: 180_000 }, () => {
  let moto: Moto;
  let admin: AwsUser;
  let copy: ProjectCopy;
  let moby: DockerUser;
  let env: typeof testProvider;
  let bucket: string;

  beforeAll(async () => {
    moto = await startMoto(await bridgeAddress());
    admin = await makeUser(moto, "admin", administrator);
    await moto.enforceRights();
    copy = await ProjectCopy.make({ engine: "builtin" });
    await useShippedSettings(copy, moto, admin);
    env = testProvider;
    moby = await dockerUser();
  });
  afterAll(async () => {
    await moby?.[Symbol.asyncDispose]();
    await copy?.[Symbol.asyncDispose]();
    await moto?.[Symbol.asyncDispose]();
  });

  async function run(command: string, ...args: string[]): Promise<string> {
    const { exitCode, all } = await copy.run(command, args, { env });
    expect(exitCode, all).toBe(0);
    return all ?? "";
  }
  const objects = async (name: string) => {
    const { Contents = [] } = await admin.s3.send(new ListObjectsV2Command({ Bucket: name }));
    return Contents.map(({ Key }) => Key ?? "");
  };
  const keys = async () => {
    const { Users = [] } = await admin.iam.send(new ListUsersCommand({ PathPrefix: "/registry-kit/" }));
    const all = await Promise.all(Users.map(({ UserName }) => admin.iam.send(new ListAccessKeysCommand({ UserName }))));
    return all.flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata.map(({ AccessKeyId }) => AccessKeyId));
  };
  const push = async (name: string, bytes = 1000) => {
    await makeRandomImage(`${copy.place}/${name}`, bytes);
    return await moby.docker(["push", `${copy.place}/${name}`]);
  };
  const manifest = async (name: string, tag: string) =>
    (
      await curl(`https://${copy.place}/v2/${name}/manifests/${tag}`, {
        user: "moby:secret",
        insecure: true,
        timeout: 60_000,
      })
    ).status;

  it("comes up, and the proof pushes, pulls and deletes through the bucket", async () => {
    expect(await run("up")).toMatch(/0 failed, 0 skipped/);
    ({ bucket } = (await copy.outputs()) as { bucket: string });
    expect(bucket).toMatch(/^registry-images-[0-9a-f]{7}$/);
    expect((await moby.login(copy.place, "moby", "secret")).exitCode).toBe(0);
    const { exitCode, all } = await push("first/image:1", 6 * MiB);
    expect(exitCode, all).toBe(0);
    expect(await objects(bucket)).toContain(
      "docker/registry/v2/repositories/first/image/_manifests/tags/1/current/link",
    );
  });

  it("protects the bucket, of which nobody gets anything over plain HTTP", async () => {
    const Bucket = bucket;
    const { s3 } = admin;
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(block.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
    });
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([{ Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }]);
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toContain("DenyPlainHttp");
    const [Key = ""] = await objects(bucket);
    const secure = await fetch(`${moto.plainEndpoint}/${bucket}/${Key}`, { method: "HEAD" });
    expect(secure.status).toBe(403);
  });

  it("previews no change afterwards", async () => {
    await run("preview", "--expect-no-changes");
  });

  it("keeps the access key out of the container's inspection and of plain state", async () => {
    const [key = ""] = await keys();
    const state = await readFile(copy.stateFile, "utf8");
    const inspection = JSON.stringify(await dockerClient({}).getContainer(copy.name).inspect());
    const secret = await secretOf(copy);
    expect(secret).toHaveLength(40);
    for (const text of [state, inspection]) expect(text).not.toContain(secret);
    expect(inspection).not.toContain(key);
  });

  it("rotates the access key: no answer of the registry fails; of the pushes under way, one at most has to be tried again", async ({
    annotate,
  }) => {
    const before = await keys();
    let rotated = false;
    const rotation = run("rotate", "storage-key").finally(() => {
      rotated = true;
    });
    // One request after the other: moto answers a few dozen in a second, and each of these takes several.
    const answers: (number | string)[] = [];
    const asking = (async () => {
      while (!rotated) answers.push(await manifest("first/image", "1").catch((error: Error) => error.message));
    })();
    const cutOff: string[] = [];
    for (let i = 0; i < 20 && !rotated; i++) {
      const { exitCode, all = "" } = await push(`pushed/under-way:${i}`, MiB);
      // The daemon does not repeat the last request of an upload that finds its connection closed by the restart.
      if (exitCode === 0) continue;
      cutOff.push(all);
      // The restart may still be under way.
      const serves = async () => ((await manifest("first/image", "1").catch(() => 0)) === 200 ? true : undefined);
      await poll("the registry serves again", serves);
      expect((await push(`pushed/under-way:${i}`, MiB)).exitCode).toBe(0);
    }
    expect(cutOff.length, cutOff.join("\n")).toBeLessThanOrEqual(1);
    for (const all of cutOff) expect(all).toMatch(/connection reset|connection refused|EOF/);
    await rotation;
    await asking;
    const refused = answers.filter((answer) =>
      /ECONNREFUSED|ECONNRESET|socket hang up|before secure TLS/.test(String(answer)),
    );
    expect(answers.filter((answer) => answer !== 200 && !refused.includes(answer))).toEqual([]);
    expect(answers).toContain(200);
    const after = await keys();
    expect([before.length, after.length]).toEqual([1, 1]);
    expect(after).not.toEqual(before);
    expect((await push("pushed/afterwards:1")).exitCode).toBe(0);
    await annotate(`${refused.length} of ${answers.length} requests met the restart`);
  });

  it("refuses a bucket that another stack owns, at preview", async () => {
    const Bucket = `other-${bucket}`;
    await admin.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    const TagSet = [{ Key: "io.registry-kit.stack", Value: "registry-kit/production" }];
    await admin.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    const text = copy.settingsText();
    copy.change({ "storage.aws.bucket": Bucket, "storage.aws.adopt": true });
    const { exitCode, all } = await copy.run("preview", [], { env });
    expect(exitCode).not.toBe(0);
    expect(all).toContain(`The bucket "${Bucket}" belongs to the stack registry-kit/production`);
    copy.restore(text);
  });

  it("teardown keeps the bucket with its images and what protects it, and removes all rights", async () => {
    expect(await run("down")).toContain(`Kept: bucket ${bucket} with all images`);
    expect((await objects(bucket)).length).toBeGreaterThan(10);
    expect(await keys()).toEqual([]);
    const { Policy = "" } = await admin.s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    expect(Policy).toContain("DenyPlainHttp");
  });

  it("a kept bucket is adopted again with its images, and never deleted", async () => {
    copy.change({ "storage.aws.bucket": bucket, "storage.aws.adopt": true });
    await run("up", "--no-verify");
    expect(await manifest("first/image", "1")).toBe(200);
    await run("preview", "--expect-no-changes");
    await run("down");
    expect((await objects(bucket)).length).toBeGreaterThan(10);
  });

  it("a role takes the place of the access key, and with destroyImages, teardown empties and deletes the bucket", async () => {
    copy.change({
      "storage.aws.bucket": undefined,
      "storage.aws.adopt": undefined,
      "storage.aws.destroyImages": true,
      "storage.aws.versioning": { expireAfterDays: 1 },
      "storage.aws.encryption": "kms",
    });
    await run("up", "--no-verify");
    const { bucket: Bucket } = (await copy.outputs()) as { bucket: string };
    expect(Bucket).not.toBe(bucket);
    expect((await push("first/image:1")).exitCode).toBe(0);
    expect((await objects(Bucket)).length).toBeGreaterThan(5);
    expect(await keys()).toHaveLength(1);
    // The registry itself finds no metadata service here: registry-roles.test.ts gives it one.
    copy.change({ "storage.aws.identity": "ec2-role" });
    await run("up", "--no-verify");
    const { instanceProfile } = (await copy.outputs()) as { instanceProfile: string };
    const { InstanceProfile } = await admin.iam.send(
      new GetInstanceProfileCommand({ InstanceProfileName: instanceProfile }),
    );
    expect(InstanceProfile?.Roles).toHaveLength(1);
    expect(await keys()).toEqual([]);
    await run("down");
    await expect(admin.s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: "NotFound" });
  });

  it.each([
    [["aws:s3/bucket:Bucket", "aws:iam/user:User"]],
    [["aws:iam/userPolicy:UserPolicy", "aws:iam/accessKey:AccessKey"]],
  ])("down finds what an up had made in AWS that was killed before it knew: %s", async (types) => {
    await using killed = await ProjectCopy.make({ engine: "builtin" });
    await useShippedSettings(killed, moto, admin);
    killed.change({ "storage.aws.destroyImages": true });
    const hold = { ...env, AWS_TEST_HOLD: types.join(",") };
    const before = await inAws();
    const up = killed.run("up", ["--no-verify"], { env: hold });
    const made = async () => {
      const now = await inAws();
      return types.every((type) => (now[type] ?? 0) > (before[type] ?? 0)) || undefined;
    };
    await poll("what is held back", made, { deadline: 60_000, pause: 100 });
    killAll(killed);
    await up;
    const { exitCode, all } = await killed.run("down", ["--purge", "--yes"], { env });
    expect(exitCode, all).toBe(0);
    expect(await inAws()).toEqual(before);
  });

  /** How many there are of each type that the kit makes. */
  async function inAws(): Promise<Record<string, number>> {
    const { Buckets = [] } = await admin.s3.send(new ListBucketsCommand({}));
    const { Users = [] } = await admin.iam.send(new ListUsersCommand({ PathPrefix: "/registry-kit/" }));
    const policies = await Promise.all(
      Users.map(({ UserName }) => admin.iam.send(new ListUserPoliciesCommand({ UserName }))),
    );
    return {
      "aws:s3/bucket:Bucket": Buckets.length,
      "aws:iam/user:User": Users.length,
      "aws:iam/userPolicy:UserPolicy": policies.flatMap(({ PolicyNames = [] }) => PolicyNames).length,
      "aws:iam/accessKey:AccessKey": (await keys()).length,
    };
  }
});

/** The settings of the stack "aws" as they are shipped, and what docs/aws.md says for an emulator. */
async function useShippedSettings(copy: ProjectCopy, moto: Moto, admin: AwsUser): Promise<void> {
  const { name, port, certsDirectory } = copy;
  copy.restore(await readFile(join(copy.folder, "stacks/Pulumi.aws.yaml"), "utf8"));
  useEmulator(copy, moto, admin);
  const users = { moby: { password: "secret", cost: 4 } };
  const storage = { "storage.aws.endpoint": moto.endpoint, "storage.aws.authority": moto.authority };
  copy.change({ name, port, trust: { certsDirectory }, users, ...storage });
}

/** The secret of the access key, from the outputs that nobody sees. */
async function secretOf(copy: ProjectCopy): Promise<string> {
  const { guarded } = (await copy.outputs()) as { guarded: string[] };
  return guarded.find((text) => /^[A-Za-z0-9/+]{40}$/.test(text)) ?? "";
}
