import type { Resource } from "./resource.ts";
import { unknown } from "./value.ts";

const bucketTypes = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

export function isBucket({ type }: Resource): boolean {
  return bucketTypes.includes(type);
}

/** The resources of a type that name a bucket: by its name, or in a preview by where the name comes from. */
export function companionsOf(bucket: Resource, name: string, resources: Resource[]): Resource[] {
  const types = [`aws:s3/${lowerFirst(name)}:${name}`, `aws:s3/${lowerFirst(name)}V2:${name}V2`];
  const names = [bucket.properties.bucket, bucket.properties.id].filter((value) => value && value !== unknown);
  return resources.filter(
    ({ type, properties, sources }) =>
      types.includes(type) && (names.includes(properties.bucket ?? null) || sources.bucket?.includes(bucket.urn)),
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
