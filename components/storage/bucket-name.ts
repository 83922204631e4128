import { s3BucketName } from "../registry/stores/s3-bucket-name.ts";

/** The name of a general purpose bucket, which is what is made here: those of directory buckets end with --x-s3. */
export const bucketName = s3BucketName.refine((name) => !name.endsWith("--x-s3"), {
  error: ({ input }) => `is ${JSON.stringify(input)}; it must not end with --x-s3, as names of directory buckets do.`,
});
