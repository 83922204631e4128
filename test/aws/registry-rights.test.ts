import { randomBytes } from "node:crypto";
import { PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../components/storage/s3-policies.ts";
import { registryPolicy } from "../../components/storage/s3-policies.ts";
import { pullManifest, pushImage } from "../registry/configuration/push.ts";
import { RealRegistry, specOf } from "../registry/configuration/real-registry.ts";
import type { AwsUser } from "./aws-account.ts";
import { administrator, bridgeAddress, makeUser, region, withoutAws } from "./aws-account.ts";
import type { Moto } from "./moto.ts";
import { startMoto } from "./moto.ts";

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
    registry = await startOn(storageOf(moto, user));
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

  /** Does all that a registry is for, and names what failed. */
  async function failing(registry: RealRegistry): Promise<string[]> {
    const request = async (path: string, init?: RequestInit) => registry.request(path, init);
    const work: Record<string, () => Promise<unknown>> = {
      push: () => pushImage(registry, `run-${randomBytes(4).toString("hex")}`, "1"),
      pull: async () => mustBeOk(await pullManifest(registry, `/v2/${seed}/manifests/1`)),
      "list tags": async () => mustBeOk(await request(`/v2/${seed}/tags/list`)),
      "cancel an upload": async () => {
        const started = mustBeOk(await request("/v2/canceled/blobs/uploads/", { method: "POST" }));
        const { pathname, search } = new URL(started.headers.get("location") ?? "");
        const before = await uploads();
        mustBeOk(await request(`${pathname}${search}`, { method: "DELETE" }));
        // The registry says that all went well, whatever S3 said.
        if ((await uploads()) >= before) throw new Error("the upload is still there");
      },
      delete: async () => {
        const repository = `doomed-${randomBytes(4).toString("hex")}`;
        const digest = await pushImage(registry, repository, "1");
        mustBeOk(await request(`/v2/${repository}/manifests/${digest}`, { method: "DELETE" }));
      },
    };
    const failed: string[] = [];
    for (const [name, attempt] of Object.entries(work)) await attempt().catch(() => failed.push(name));
    return failed;
  }

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
    await using other = await startOn({ ...storageOf(moto, user), bucket: "another" });
    expect(await failing(other)).toEqual(expect.arrayContaining(["push", "pull", "list tags", "delete"]));
  });

  it("end at the prefix, and a registry in it works", async () => {
    await allow(registryPolicy({ bucketArn, prefix: "team/a" }));
    await using inside = await startOn({ ...storageOf(moto, user), rootDirectory: "team/a" });
    await pushImage(inside, seed, "1");
    expect(await failing(inside)).toEqual([]);
    await using beside = await startOn({ ...storageOf(moto, user), rootDirectory: "team/ab" });
    expect(await failing(beside)).toEqual(expect.arrayContaining(["push", "pull", "list tags", "delete"]));
    await allow(whole);
  });
});

/** An image that is there from the start. */
const seed = "seed";

type Storage = ReturnType<typeof storageOf> & { rootDirectory?: string };

/** A registry without its own cache, so that every request comes to S3. */
function startOn(storage: Storage): Promise<RealRegistry> {
  const spec = specOf({ cache: "none" }, { storage: { driver: "s3", ...storage } });
  // Without rights it is alive, but not well: GET / would be 503.
  const ready = (registry: RealRegistry) =>
    registry.request("/v2/").then(
      ({ ok }) => ok,
      () => false,
    );
  return RealRegistry.start(spec, { ready });
}

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

function mustBeOk(response: Response): Response {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response;
}
