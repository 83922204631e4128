import { describe, expect, it } from "vitest";
import { registryPolicy } from "../../components/storage/s3-policies.ts";

const bucketArn = "arn:aws:s3:::images";

describe("the rights of a registry", () => {
  it("are the actions that Distribution's driver needs, on the bucket and its objects", () => {
    expect(registryPolicy({ bucketArn })).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "ListObjects", Effect: "Allow", Action: ["s3:ListBucket"], Resource: bucketArn },
        { Sid: "ListUploads", Effect: "Allow", Action: ["s3:ListBucketMultipartUploads"], Resource: bucketArn },
        {
          Sid: "UseObjects",
          Effect: "Allow",
          Action: [
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:ListMultipartUploadParts",
            "s3:AbortMultipartUpload",
          ],
          Resource: `${bucketArn}/*`,
        },
      ],
    });
  });

  it("end at the prefix", () => {
    const [list, uploads, objects] = registryPolicy({ bucketArn, prefix: "team/a" }).Statement;
    expect(list?.Condition).toEqual({ StringLikeIfExists: { "s3:prefix": "team/a/*" } });
    expect(uploads?.Resource).toBe(bucketArn);
    expect(objects?.Resource).toBe(`${bucketArn}/team/a/*`);
  });

  it("have no wildcard among the actions, and none that changes the bucket", () => {
    const actions = registryPolicy({ bucketArn, kmsKeyArn: "arn:key" }).Statement.flatMap(({ Action }) => Action);
    expect(
      actions.filter((action) => /\*|Policy|Acl|Lifecycle|CreateBucket|DeleteBucket|:Put(?!Object$)/.test(action)),
    ).toEqual([]);
    expect(actions).toHaveLength(9);
  });
});
