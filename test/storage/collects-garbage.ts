import { expect } from "vitest";
import { deleteImage, pullImage, pushImage, randomBlob } from "./image-traffic.ts";
import type { StoreRegistry } from "./store-registry.ts";

/** Pushes two images, the bigger one with a layer of `size` bytes, deletes the other, and has its blobs collected. */
export async function collectsGarbage(store: StoreRegistry, size: number): Promise<void> {
  const kept = await pushImage([store.url], "moby/box", [randomBlob(1000), randomBlob(size)]);
  const deleted = await pushImage([store.url], "moby/box", [randomBlob(2000)]);
  await pullImage(store.url, deleted);
  await deleteImage(store.url, deleted);
  const said = await store.registry.run("registry", "garbage-collect", "/etc/distribution/config.yml");
  expect(said).toContain(`blob eligible for deletion: ${deleted.blobs[0]?.digest}`);
  await pullImage(store.url, kept);
}
