import type { Settings } from "../settings/settings.ts";

/** Whether images are outside of the Docker host, where several registries may share them: in a given store, or in one that the stack makes. */
export function isObjectStorage(storage: Settings["storage"]): boolean {
  return "objects" in storage || "aws" in storage;
}
