import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { Amazon } from "./amazon.ts";
import type { AwsType } from "./aws-type.ts";

/** `aws:s3/bucket:Bucket`: its name, its tags, and whether it is emptied when it goes. */
export const bucket: AwsType<BucketArgs> = {
  token: "aws:s3/bucket:Bucket",
  inputs: ["bucket", "forceDestroy", "tags"],
  computed: ["arn", "region", "bucketRegionalDomainName"],
  replaceOn: ["bucket"],
  autoName: "bucket",
  async create({ s3, region }, inputs) {
    const Bucket = String(inputs.bucket);
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region as "eu-central-1" } }),
    );
    await putTags(s3, inputs);
    return { id: Bucket, outputs: computed(Bucket, region) };
  },
  update: ({ s3 }, _, inputs) => putTags(s3, inputs),
  async read({ s3, region }, id) {
    try {
      await s3.send(new HeadBucketCommand({ Bucket: id }));
    } catch (error) {
      if ((error as Error).name === "NotFound") return undefined;
      throw error;
    }
    const TagSet = await s3.send(new GetBucketTaggingCommand({ Bucket: id })).then(
      (answer) => answer.TagSet ?? [],
      (error: Error) => (error.name === "NoSuchTagSet" ? [] : Promise.reject(error)),
    );
    const tags = Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
    return { bucket: id, tags, ...computed(id, region) };
  },
  async delete({ s3 }, id, { forceDestroy }) {
    if (forceDestroy === true) await empty(s3, id);
    await s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
};

function computed(id: string, region: Amazon["region"]): PropertyMap {
  return { arn: `arn:aws:s3:::${id}`, region, bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com` };
}

async function putTags(s3: S3Client, { bucket: name, tags }: PropertyMap): Promise<void> {
  const TagSet = Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
  await s3.send(new PutBucketTaggingCommand({ Bucket: String(name), Tagging: { TagSet } }));
}

/** Deletes every version of every object. */
async function empty(s3: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    if (Errors.length > 0) throw new Error(`${Bucket}: ${Errors[0]?.Key} can't be deleted: ${Errors[0]?.Message}`);
  }
}
