import { beforeAll, describe, expect, it } from "vitest";
import { KitProvider } from "../../components/kit-provider.ts";
import { deploy } from "../../stacks/deploy.ts";
import { testSettings } from "../support/test-settings.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";

function settings(aws: Record<string, unknown> = {}, values: Record<string, string> = {}) {
  return testSettings({ hosts: ["127.0.0.1"], storage: { aws }, ...values }, { stack: "aws" });
}

const graphOf = (aws?: Record<string, unknown>, values?: Record<string, string>) =>
  recordGraph(() => deploy(settings(aws, values), new KitProvider("registry-kit")));

function find(graph: RecordedResource[], type: string): RecordedResource {
  const found = graph.filter((resource) => resource.type.endsWith(`:${type}`));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of type ${type}`);
  return found[0];
}

const made = (graph: RecordedResource[]) => graph.filter(({ type }) => /^aws:|:storage:/.test(type));
const policyOf = ({ inputs }: RecordedResource, key = "policy") => JSON.parse(inputs[key] as string);
const configurationOf = (graph: RecordedResource[]) => {
  const files = revealed(find(graph, "VolumeFiles").inputs.files) as { name: string; content: string }[];
  return files.find(({ name }) => name === "config.yml")?.content ?? "";
};

describe("the aws stack", () => {
  let graph: RecordedResource[];
  beforeAll(async () => {
    graph = await graphOf();
  });

  it("is made of exactly these resources in AWS, and none for images on the Docker host", () => {
    expect(
      made(graph)
        .map(({ type, name }) => `${type} ${name}`)
        .toSorted(),
    ).toEqual([
      "aws:iam/accessKey:AccessKey registry-images-access-key-1",
      "aws:iam/user:User registry-images-user",
      "aws:iam/userPolicy:UserPolicy registry-images-user-policy",
      "aws:s3/bucket:Bucket registry-images",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration registry-images-lifecycle",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls registry-images-ownership",
      "aws:s3/bucketPolicy:BucketPolicy registry-images-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock registry-images-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration registry-images-encryption",
      "registry-kit:storage:S3Storage registry-images",
      "registry-kit:storage:SettledAccessKey registry-images-settled-key",
    ]);
    expect(graph.filter(({ type }) => type.endsWith(":Volume")).map(({ name }) => name)).toEqual(["registry-files"]);
  });

  it("makes every part a child of its component, which registers what its public fields are", () => {
    const parents = new Set(
      made(graph)
        .filter(({ custom }) => custom)
        .map(({ parent }) => parent.split("::").slice(2).join("::")),
    );
    expect([...parents]).toEqual(["registry-kit:storage:S3Storage::registry-images"]);
    expect(Object.keys(find(graph, "S3Storage").outputs ?? {})).toEqual(["bucket", "storage"]);
  });

  it("keeps the bucket and what protects it on teardown, but nobody's rights", () => {
    const kept = graph.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);
    expect(kept.toSorted()).toEqual([
      "registry-images",
      "registry-images-encryption",
      "registry-images-lifecycle",
      "registry-images-ownership",
      "registry-images-policy",
      "registry-images-public-access",
    ]);
    expect(find(graph, "Bucket").inputs).toEqual({
      forceDestroy: false,
      tags: { "io.registry-kit.stack": "registry-kit/test" },
    });
  });

  it("blocks public access, ACLs and plain HTTP, encrypts, and clears unfinished uploads away", () => {
    expect(find(graph, "BucketPublicAccessBlock").inputs).toEqual({
      bucket: "made-bucket",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(find(graph, "BucketOwnershipControls").inputs.rule).toEqual({ objectOwnership: "BucketOwnerEnforced" });
    expect(policyOf(find(graph, "BucketPolicy")).Statement).toEqual([
      {
        Sid: "DenyPlainHttp",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::made-bucket", "arn:aws:s3:::made-bucket/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    expect(find(graph, "BucketServerSideEncryptionConfiguration").inputs.rules).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(find(graph, "BucketLifecycleConfiguration").inputs.rules).toEqual([
      {
        id: "abort-unfinished-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
  });

  it("hands the registry the key once S3 accepts it, and the key is nowhere but in secrets", () => {
    expect(configurationOf(graph)).toMatch(/accesskey: "?ACCEPTED"?\n/);
    expect(configurationOf(graph)).toMatch(/bucket: "?made-bucket"?\n/);
    expect(configurationOf(graph)).toMatch(/region: "?eu-central-1"?\n/);
    expect(configurationOf(graph)).toMatch(/secretkey: "?MADE-SECRET"?\n/);
    expect(isSecretValue(find(graph, "SettledAccessKey").inputs.secretKey)).toBe(true);
    expect(isSecretValue(find(graph, "S3Storage").outputs?.storage)).toBe(true);
    for (const { inputs, outputs } of graph)
      expect(JSON.stringify([withoutSecrets(inputs), withoutSecrets(outputs)])).not.toContain("MADE-SECRET");
  });

  it("sends pulls on to Amazon, and keeps them where an endpoint is given", async () => {
    expect(configurationOf(graph)).toMatch(/redirect:\n\s+disable: false/);
    const emulated = await graphOf({ endpoint: "http://192.0.2.1:5000" });
    expect(configurationOf(emulated)).toMatch(/redirect:\n\s+disable: true/);
    expect(configurationOf(emulated)).toMatch(/forcepathstyle: true/);
    expect(find(emulated, "SettledAccessKey").inputs.url).toBe("http://192.0.2.1:5000/made-bucket/");
    expect(find(graph, "SettledAccessKey").inputs.url).toBe("https://made-bucket.s3.eu-central-1.amazonaws.com/");
  });

  it("registers the same resources in a preview, where ids and outputs are unknown", async () => {
    const preview = await recordGraph(() => deploy(settings(), new KitProvider("registry-kit")), { preview: true });
    const names = (all: RecordedResource[]) => all.map(({ type, name }) => `${type} ${name}`).toSorted();
    expect(names(preview)).toEqual(names(graph));
  });
});

describe("what the settings of AWS change", () => {
  it("a raised generation is another key, and the same user", async () => {
    const graph = await graphOf({}, { rotation: '{"storageKey":2}' });
    expect(find(graph, "AccessKey").name).toBe("registry-images-access-key-2");
    expect(find(graph, "User").name).toBe("registry-images-user");
  });

  it("a role needs no key anywhere", async () => {
    const graph = await graphOf({ identity: "ec2-role" });
    const types = made(graph).map(({ type }) => type);
    expect(types.filter((type) => /AccessKey|User/.test(type))).toEqual([]);
    expect(configurationOf(graph)).not.toMatch(/accesskey|secretkey/);
    expect(find(graph, "InstanceProfile").inputs.role).toBe("made-role");
    expect(policyOf(find(graph, "Role"), "assumeRolePolicy").Statement[0].Principal).toEqual({
      Service: "ec2.amazonaws.com",
    });
    expect(find(graph, "S3Storage").outputs).toMatchObject({ roleArn: "arn:role", instanceProfile: "made-profile" });
  });

  it("a task's role and one for a web identity have no instance profile", async () => {
    const task = await graphOf({ identity: "ecs-role" });
    expect(policyOf(find(task, "Role"), "assumeRolePolicy").Statement[0].Principal).toEqual({
      Service: "ecs-tasks.amazonaws.com",
    });
    const provider = "arn:aws:iam::123456789012:oidc-provider/issuer.example/id/1";
    const graph = await graphOf({ identity: { webIdentity: { provider, subject: "system:serviceaccount:a:b" } } });
    expect(policyOf(find(graph, "Role"), "assumeRolePolicy").Statement[0]).toMatchObject({
      Principal: { Federated: provider },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "issuer.example/id/1:aud": "sts.amazonaws.com",
          "issuer.example/id/1:sub": "system:serviceaccount:a:b",
        },
      },
    });
    for (const one of [task, graph]) expect(one.filter(({ type }) => /InstanceProfile/.test(type))).toEqual([]);
  });

  it("credentials that are given are used, and nothing of IAM is made", async () => {
    const graph = await graphOf({ identity: { accessKey: "AKIAGIVEN", secretKey: "given secret" } });
    expect(graph.filter(({ type }) => /^aws:iam/.test(type))).toEqual([]);
    expect(configurationOf(graph)).toMatch(/secretkey: "?given secret"?\n/);
    for (const { inputs } of graph) expect(JSON.stringify(withoutSecrets(inputs))).not.toContain("given secret");
  });

  it("with KMS, the bucket's key is made, kept with it, and the registry may use it", async () => {
    const graph = await graphOf({ encryption: "kms" });
    expect(find(graph, "Key")).toMatchObject({ retainOnDelete: true, inputs: { enableKeyRotation: true } });
    expect(find(graph, "BucketServerSideEncryptionConfiguration").inputs.rules).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key" },
        bucketKeyEnabled: true,
      },
    ]);
    expect(policyOf(find(graph, "UserPolicy")).Statement.at(-1)).toEqual({
      Sid: "UseKey",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "arn:key",
    });
    // The driver's own wish for encryption would override the bucket's.
    expect(configurationOf(graph)).toMatch(/encrypt: false/);
    const given = "arn:aws:kms:eu-central-1:123456789012:key/1234";
    const other = await graphOf({ encryption: { kmsKeyArn: given } });
    expect(other.filter(({ type }) => type.startsWith("aws:kms"))).toEqual([]);
    expect(policyOf(find(other, "UserPolicy")).Statement.at(-1).Resource).toBe(given);
  });

  it("versions are kept for as long as asked", async () => {
    const graph = await graphOf({ versioning: { expireAfterDays: 30 }, prefix: "team/images" });
    expect(find(graph, "BucketVersioning").inputs.versioningConfiguration).toEqual({ status: "Enabled" });
    expect(find(graph, "BucketLifecycleConfiguration").inputs.rules).toMatchObject([
      { filter: { prefix: "team/images/" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
      { filter: { prefix: "team/images/" }, noncurrentVersionExpiration: { noncurrentDays: 30 } },
    ]);
    expect(configurationOf(graph)).toMatch(/rootdirectory: "?team\/images"?\n/);
  });

  it("images that the settings destroy go with everything else", async () => {
    const graph = await graphOf({ destroyImages: true, encryption: "kms" });
    expect(graph.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
    expect(find(graph, "Bucket").inputs.forceDestroy).toBe(true);
  });

  it("acceleration is turned on in the bucket and used", async () => {
    const graph = await graphOf({ accelerate: true });
    expect(find(graph, "BucketAccelerateConfiguration").inputs.status).toBe("Enabled");
    expect(configurationOf(graph)).toMatch(/accelerate: true/);
  });
});

/** Everything but what is a secret. */
function withoutSecrets(value: unknown): unknown {
  if (isSecretValue(value)) return "secret";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
