/** What a program of yours imports for images in Amazon S3. It needs the package `@pulumi/aws`, which nothing else here does. */
export { S3Storage } from "./storage/s3-storage.ts";
export type { S3DriverOptions, S3Identity, S3StorageArgs } from "./storage/s3-storage-args.ts";
