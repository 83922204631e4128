import { boundFolder, volumeFolders } from "../../components/registry/volume-folders.ts";
import type { Settings } from "../settings/settings.ts";

/** A folder of the host, and the setting that names it. */
export interface HostFolder {
  path: string;
  setting: string;
}

type Place = Pick<Settings, "storage">;

/** The folder of the host that a container gets as its storage: a bind mount, also one that Docker's own volume driver makes. */
export function hostFolder({ storage }: Place): HostFolder | undefined {
  if ("bindMount" in storage) return { path: storage.bindMount.path, setting: "storage.bindMount.path" };
  const path = "volume" in storage ? boundFolder(storage.volume) : undefined;
  return path === undefined ? undefined : { path, setting: "storage.volume.driverOptions" };
}

/** Every folder of the host that a container gets to see. */
export function hostFolders(place: Place): HostFolder[] {
  const { storage } = place;
  if (!("volume" in storage)) return [hostFolder(place) ?? []].flat();
  return volumeFolders(storage.volume).map((path) => ({ path, setting: "storage.volume.driverOptions" }));
}
