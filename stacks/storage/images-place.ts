import { describeStore } from "../../components/registry/describe-store.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Where the images of a registry are, and the setting that says so: no other registry may have them. undefined: a bucket that the stack
 * makes, which is not known yet and carries its owner's name itself.
 */
export function imagesPlace(storage: Settings["storage"]): { path: string; place: string } | undefined {
  if ("aws" in storage) return undefined;
  if ("bindMount" in storage) return { path: "storage.bindMount.path", place: storage.bindMount.path };
  if ("volume" in storage) return { path: "storage.volume.name", place: storage.volume.name };
  return { path: `storage.${storage.objects.driver}`, place: describeStore(storage.objects) };
}
