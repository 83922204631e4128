import type { RegistryStorage } from "../components/registry/registry-storage.ts";
import type { Settings } from "./settings.ts";

/** The place of a stack's images. */
export function makeStorage({ storage }: Settings): RegistryStorage {
  return storage;
}
