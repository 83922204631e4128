import type { VolumeSource } from "./volume-folders.ts";

/** Whether every node sees the same files: a network file system, or a driver of another kind than Docker's own. */
export function isSharedVolume({ driver = "local", driverOptions = {} }: VolumeSource): boolean {
  return driver !== "local" || /^(nfs4?|cifs|smb3?|ceph|glusterfs)$/.test(driverOptions.type ?? "");
}
