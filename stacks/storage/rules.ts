import { filesVolumeName } from "../../components/files/layout.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";

/** What the place of the images must keep to together with the rest. */
export const storageRules: Rule[] = [filesVolume, partProblems];

function filesVolume({ name, storage, service }: Settings): Problem[] {
  // The volume with the configuration goes with the registry: images in it would go, too.
  if (service || !("volume" in storage) || storage.volume.name !== filesVolumeName(name)) return [];
  return [
    {
      path: "storage.volume.name",
      reason: `is ${storage.volume.name}, the volume of the registry's configuration, which teardown removes. Choose another name.`,
    },
  ];
}

/** A buffer of the driver grows to two parts, and a push makes five uploads at once (dockerd's max-concurrent-uploads). */
function partProblems({ storage, container, service }: Settings): Problem[] {
  const size = "aws" in storage ? storage.aws.driver.chunkSize : partOf(storage);
  const [place, memory] = service ? ["service.memory", service.memory] : ["container.memory", container?.memory];
  if (size === undefined || memory === undefined) return [];
  const most = Math.floor((memory * 1024 * 1024) / 10);
  if (size <= most) return [];
  return [
    {
      path: `storage.${"aws" in storage ? "aws" : "s3"}.chunkSize`,
      reason: `is ${size}; with ${place} ${memory} it can be at most ${most}, as a push keeps up to ten parts in memory.`,
    },
  ];
}

function partOf(storage: Settings["storage"]): number | undefined {
  return "objects" in storage && storage.objects.driver === "s3" ? storage.objects.chunkSize : undefined;
}
