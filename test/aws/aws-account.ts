import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { withoutDocker } from "../support/describe-with-docker.ts";
import type { Moto } from "./moto.ts";
import { motoObstacle } from "./moto.ts";

/** Why tests with Docker and moto can't run here; undefined: they can. */
export const withoutAws: string | undefined = withoutDocker ?? (await motoObstacle());

export const region = "eu-central-1";

/** Somebody in the account of a moto, with clients that sign for them. */
export interface AwsUser {
  name: string;
  accessKey: string;
  secretKey: string;
  s3: S3Client;
  iam: IAMClient;
}

/** Makes a user whose policy lets them do `actions`. Before rights are enforced anyone can; after that, `by` must sign. */
export async function makeUser(
  { plainEndpoint }: Moto,
  name: string,
  policy: object,
  by: { accessKey: string; secretKey: string } = { accessKey: "nobody", secretKey: "nothing" },
): Promise<AwsUser> {
  const common = (key: { accessKey: string; secretKey: string }) => ({
    region,
    endpoint: plainEndpoint,
    credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey },
  });
  const iam = new IAMClient(common(by));
  await iam.send(new CreateUserCommand({ UserName: name }));
  await iam.send(
    new PutUserPolicyCommand({ UserName: name, PolicyName: "rights", PolicyDocument: JSON.stringify(policy) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  const key = { accessKey: AccessKey?.AccessKeyId ?? "", secretKey: AccessKey?.SecretAccessKey ?? "" };
  return {
    name,
    ...key,
    s3: new S3Client({ ...common(key), forcePathStyle: true, maxAttempts: 1 }),
    iam: new IAMClient(common(key)),
  };
}

/** Everything. */
export const administrator = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};
