/** `registry-kit/aws`: the components of Amazon S3, which need the package `@pulumi/aws`. */
export * from "../components/aws.ts";
