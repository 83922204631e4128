import * as pulumi from "@pulumi/pulumi";
import { lostVolumeText } from "../../components/files/lost-volume.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * The volume that held a registry's images is not there any more. A preview hears of it from the resource of the registry's files; an up
 * without a preview that refreshes first would make an empty volume before it asks that one. The outputs of the last run say that the
 * volume was there: they are written after it was made.
 */
export async function lostVolumeProblem({ storage, service }: Settings): Promise<Problem[]> {
  if (!("volume" in storage) || service || !pulumi.runtime.hasMonitor() || pulumi.runtime.isDryRun()) return [];
  const { name, driver, driverOptions, host } = storage.volume;
  // With a device of its own the images are not in the volume. On a confirmed machine it may be a new one.
  if (driverOptions?.device || host || (await lastVolume()) !== name) return [];
  return [{ path: "storage.volume.name", reason: `is ${name}; ${lostVolumeText(name, driver)}.` }];
}

async function lastVolume(): Promise<unknown> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    outputs?: Record<string, unknown>;
  };
  return outputs?.volume;
}
