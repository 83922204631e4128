import * as pulumi from "@pulumi/pulumi";
import { type ObjectStorage, storeOf } from "./stores/stores.ts";

/** {@link describeStore} of object storage that may be known only later, and is secret as a whole. */
export function storePlace(storage: pulumi.Input<ObjectStorage>): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.output(storage).apply((store) => describeStore(store as ObjectStorage)));
}

/** Where object storage is, in words and without anything secret: `s3 bucket images, under team-a/, at https://minio:9000`. */
export function describeStore(store: ObjectStorage): string {
  const { place, server } = storeOf(store);
  const folder = store.rootDirectory?.replace(/^\/+|\/+$/g, "");
  return `${place}${folder ? `, under ${folder}/` : ""}${server ? `, at ${server}` : ""}`;
}
