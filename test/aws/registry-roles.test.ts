import { randomBytes } from "node:crypto";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand, ListMultipartUploadsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configurationFolder, storeAuthorityName } from "../../components/files/layout.ts";
import { type RoleUser, registryPolicy, trustPolicy } from "../../components/storage/s3-policies.ts";
import { pushImage } from "../registry/configuration/push.ts";
import type { RealRegistry } from "../registry/configuration/real-registry.ts";
import { bridgeAddress } from "../support/s3-server.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";
import { type AwsUser, administrator, makeUser, region, withoutAws } from "./aws-account.ts";
import { type SessionCredentials, startInstanceMetadata, startTaskCredentials } from "./credential-services.ts";
import { type Moto, startMoto } from "./moto.ts";
import { failingWork, seed, startOnS3 } from "./registry-work.ts";

const bucket = "images";
const bucketArn = `arn:aws:s3:::${bucket}`;
const issuer = "oidc.example.com/id/1";
const federated = {
  provider: `arn:aws:iam::123456789012:oidc-provider/${issuer}`,
  subject: "system:serviceaccount:registry:registry",
  audience: "sts.amazonaws.com",
};
const title = `A registry that is a role to S3, on moto with rights enforced${withoutAws ? ` (skipped: ${withoutAws})` : ""}`;

describe.skipIf(withoutAws !== undefined)(title, { timeout: 120_000 }, () => {
  let moto: Moto;
  let address: string;
  let admin: AwsUser;
  let keys: { own: string; other: string };
  let roles: { ec2: Role; ecs: Role; web: Role };

  beforeAll(async () => {
    address = await bridgeAddress();
    moto = await startMoto(address);
    admin = await makeUser(moto, "admin", administrator);
    for (const Bucket of [bucket, "another"]) {
      const CreateBucketConfiguration = { LocationConstraint: region } as const;
      await admin.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    }
    const kms = new KMSClient({
      ...place(),
      credentials: { accessKeyId: admin.accessKey, secretAccessKey: admin.secretKey },
    });
    const newKey = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    keys = { own: await newKey(), other: await newKey() };
    roles = { ec2: await makeRole("ec2"), ecs: await makeRole("ecs"), web: await makeRole(federated, "web") };
    await moto.enforceRights();
    await using registry = await startOnS3({ ...s3(), accessKey: admin.accessKey, secretKey: admin.secretKey });
    await pushImage(registry, seed, "1");
  });
  afterAll(() => moto?.[Symbol.asyncDispose]());

  const place = () => ({ region, endpoint: moto.plainEndpoint, maxAttempts: 1 });
  const s3 = () => ({ bucket, region, regionEndpoint: moto.plainEndpoint });
  const failing = (registry: RealRegistry) =>
    failingWork(registry, async () => {
      const { Uploads = [] } = await admin.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.length;
    });

  async function allow({ name }: Role, policy: object): Promise<void> {
    const PolicyDocument = JSON.stringify(policy);
    await admin.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "rights", PolicyDocument }));
  }

  /** A role as the kit makes it, and a session in it, as Amazon's services open one; before rights are enforced anybody can. */
  async function makeRole(user: RoleUser, name = String(user)): Promise<Role> {
    const AssumeRolePolicyDocument = JSON.stringify(trustPolicy(user));
    const { Role } = await admin.iam.send(
      new CreateRoleCommand({ RoleName: name, Path: "/registry-kit/", AssumeRolePolicyDocument }),
    );
    const arn = Role?.Arn ?? "";
    await allow({ name, arn }, registryPolicy({ bucketArn, kmsKeyArn: keys.own }));
    const body = new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: arn,
      RoleSessionName: "host",
    });
    const authorization = `AWS4-HMAC-SHA256 Credential=${admin.accessKey}/20260101/${region}/sts/aws4_request, SignedHeaders=host, Signature=none`;
    const answer = await (await fetch(moto.plainEndpoint, { method: "POST", body, headers: { authorization } })).text();
    const value = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(answer)?.[1] ?? "";
    const session = {
      accessKey: value("AccessKeyId"),
      secretKey: value("SecretAccessKey"),
      sessionToken: value("SessionToken"),
    };
    return { name, arn, session };
  }

  it("works with an instance profile, by the metadata service of the instance, and without a key of its own", async () => {
    const { ec2 } = roles;
    await using metadata = await startInstanceMetadata(address, ec2.name, sessionOf(ec2));
    const create = ["--env", `AWS_EC2_METADATA_SERVICE_ENDPOINT=${metadata.url}`];
    await using registry = await startOnS3(s3(), { create });
    expect(await failing(registry)).toEqual([]);
    expect(metadata.asked.slice(0, 3)).toEqual([
      "/latest/api/token",
      "/latest/meta-data/iam/security-credentials/",
      "/latest/meta-data/iam/security-credentials/ec2",
    ]);
  });

  it("works with a task role, by the credentials that ECS gives the container", async () => {
    const authority = await makeTestAuthority("Platform CA");
    const tls = await issueTestCertificate(authority, [address]);
    const token = randomBytes(8).toString("hex");
    // ECS itself is at 169.254.170.2 without TLS; elsewhere the SDK wants TLS.
    await using task = await startTaskCredentials(address, tls, { token, credentials: sessionOf(roles.ecs) });
    const authorityFile = `${configurationFolder}/${storeAuthorityName}`;
    const variables = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${task.url}/role`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      SSL_CERT_FILE: authorityFile,
    };
    const files = { [authorityFile]: authority.certificate };
    await using registry = await startOnS3(s3(), { create: environment(variables), files });
    expect(await failing(registry)).toEqual([]);
    expect(task.asked).toContain("/role");
  });

  it("works with a web identity, and only for the subject and the audience that its role trusts", async () => {
    const withToken = (claims: object) =>
      startOnS3(s3(), {
        create: environment({ AWS_ROLE_ARN: roles.web.arn, AWS_WEB_IDENTITY_TOKEN_FILE: "/var/token" }),
        files: { "/var/token": webToken({ iss: `https://${issuer}`, ...claims }) },
      });
    const { subject: sub, audience: aud } = federated;
    await using registries = new AsyncDisposableStack();
    const start = async (claims: object) => registries.use(await withToken(claims));
    const [trusted, ...others] = await Promise.all([
      start({ sub, aud }),
      start({ sub: "system:serviceaccount:registry:other", aud }),
      start({ sub, aud: "somebody.else" }),
    ]);
    expect(await failing(trusted)).toEqual([]);
    for (const failed of await Promise.all(others.map(failing)))
      expect(failed).toEqual(["push", "pull", "list tags", "cancel an upload", "delete"]);
  });

  it("may do what the role's policy says, on its bucket and key, and nothing else", async () => {
    const { ec2 } = roles;
    const { accessKey, secretKey, sessionToken } = sessionOf(ec2);
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
    const objects = new S3Client({ ...place(), credentials, forcePathStyle: true });
    const put = (Bucket: string) => objects.send(new PutObjectCommand({ Bucket, Key: "key", Body: "body" }));
    await put(bucket);
    await expect(put("another")).rejects.toThrow("Access Denied");
    const kms = new KMSClient({ ...place(), credentials });
    const newData = (KeyId: string) => kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
    const { CiphertextBlob } = await newData(keys.own);
    const decrypt = () => kms.send(new DecryptCommand({ KeyId: keys.own, CiphertextBlob }));
    await decrypt();
    const refused = { $metadata: { httpStatusCode: 403 } };
    await expect(newData(keys.other)).rejects.toMatchObject(refused);
    const encrypt = kms.send(new EncryptCommand({ KeyId: keys.own, Plaintext: Buffer.from("text") }));
    await expect(encrypt).rejects.toMatchObject(refused);
    await allow(ec2, registryPolicy({ bucketArn: `${bucketArn}-2` }));
    await expect(put(bucket)).rejects.toThrow("Access Denied");
    await expect(decrypt()).rejects.toMatchObject(refused);
  });
});

interface Role {
  name: string;
  arn: string;
  session?: SessionCredentials;
}

function sessionOf({ name, session }: Role): SessionCredentials {
  if (!session?.sessionToken) throw new Error(`The role ${name} has no session.`);
  return session;
}

function environment(variables: Record<string, string>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}

/** A token of an OpenID Connect provider, but for its signature. */
function webToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}
