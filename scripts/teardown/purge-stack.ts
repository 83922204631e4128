import { rmSync } from "node:fs";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { Engine } from "../engines/engine.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { report } from "../terminal/terminal.ts";
import { PurgeRecordFile } from "./purge-record.ts";
import { removeVolume } from "./remove-volume.ts";

/** What goes beside the objects that the engine itself removes. */
export interface Purge {
  stack: string;
  docker: DockerHost;
  /** Volumes that a plain teardown would keep. */
  keptVolumes: string[];
  /** Whether the settings file goes, too: that of a throw-away stack. */
  removeFile: boolean;
}

/**
 * Removes a stack with its volumes, its state and, for a throw-away stack, its settings file. One that was cut off goes on where
 * it was.
 *
 * @returns the exit code
 */
export async function purgeStack(engine: Engine, { stack, docker, keptVolumes, removeFile }: Purge): Promise<number> {
  const record = new PurgeRecordFile(stack);
  const begun = record.read();
  const volumes = [...new Set([...(begun?.volumes ?? []), ...keptVolumes])];
  const where = begun?.docker ?? docker;
  if (volumes.length > 0) record.write({ volumes, docker: where });
  if (volumes.length === 0 && (await engine.resources()).length === 0) {
    report(
      `Stack ${stack} is not deployed: what an earlier "down" may have kept, such as a volume, is no longer known, and stays.`,
    );
  }
  const code = await engine.destroy({ purges: true });
  if (code !== 0) return code;
  for (const volume of volumes) await removeVolume(volume, where);
  const removed = await engine.remove();
  if (removed !== 0) return removed;
  if (removeFile) rmSync(SettingsFile.pathOf(stack), { force: true });
  record.remove();
  report(
    `Purged: stack ${stack}, its state${removeFile ? ", its settings" : ""}${volumes.map((name) => `, volume ${name}`).join("")}.`,
  );
  return 0;
}
