import * as pulumi from "@pulumi/pulumi";
import type { ObjectStorage } from "./registry-storage.ts";

/** {@link describeStore} of object storage that may be known only later, and is secret as a whole. */
export function storePlace(storage: pulumi.Input<ObjectStorage>): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.output(storage).apply((store) => describeStore(store as ObjectStorage)));
}

/** Where object storage is, in words and without anything secret: `s3 bucket images, under team-a/, at https://minio:9000`. */
export function describeStore(store: ObjectStorage): string {
  const folder = store.rootDirectory?.replace(/^\/+|\/+$/g, "");
  return `${placeOf(store)}${folder ? `, under ${folder}/` : ""}${serverOf(store)}`;
}

function placeOf(store: ObjectStorage): string {
  return store.driver === "azure"
    ? `azure container ${store.container} of account ${store.accountName}`
    : `${store.driver} bucket ${store.bucket}`;
}

function serverOf(store: ObjectStorage): string {
  const server = store.driver === "s3" ? store.regionEndpoint : store.driver === "azure" ? store.serviceUrl : undefined;
  return server ? `, at ${server}` : "";
}
