import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { sensitiveFolder } from "../../components/registry/sensitive-folder.ts";
import { volumeFolders } from "../../components/registry/volume-folders.ts";
import { isNotFound } from "../../lib/docker/docker-client.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";
import { lostVolumeProblem } from "./lost-volume-problem.ts";

/**
 * The engine answers a request for a volume that exists with that volume, whatever driver and options were asked for.
 * @param own the stack's containers: what one of them has already, an earlier release allowed, and a preview warns of it
 */
export async function volumeProblems(
  settings: Settings,
  client: Docker,
  own: () => Promise<Docker.ContainerInfo[]>,
): Promise<Problem[]> {
  const { storage } = settings;
  if (!("volume" in storage)) return [];
  const { name, driver, driverOptions } = storage.volume;
  const found = await client
    .getVolume(name)
    .inspect()
    .catch((error) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  if (!found) return await lostVolumeProblem(settings);
  const other = (key: string) => ({
    path: `storage.volume.${key}`,
    reason: `is not that of the volume ${name}, which exists already. Name another volume, or leave ${key} out.`,
  });
  const shown = volumeFolders({ driver: found.Driver, driverOptions: { ...found.Options } }).flatMap((path) => {
    const reason = sensitiveFolder(path);
    return reason ? [`is ${name}, a volume that shows ${path}, ${reason}. Choose another volume.`] : [];
  });
  const isInUse = (await own()).some(({ Mounts }) => Mounts.some((mount) => mount.Name === name));
  // Options in the settings are spoken of by the earlier defaults' warning.
  if (isInUse && !driverOptions && pulumi.runtime.isDryRun()) {
    for (const reason of shown) pulumi.log.warn(`storage.volume.name ${reason}`);
  }
  return [
    ...(isInUse ? [] : shown.map((reason) => ({ path: "storage.volume.name", reason }))),
    ...(driver && driver !== found.Driver ? [other("driver")] : []),
    ...(driverOptions && !isDeepStrictEqual(driverOptions, { ...found.Options }) ? [other("driverOptions")] : []),
  ];
}
