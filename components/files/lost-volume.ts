import { dockerClient } from "../../lib/docker/docker-client.ts";
import { orMissing } from "../../lib/docker/docker-error.ts";
import type { VolumeFilesInputs } from "./volume-files-inputs.ts";

type Known = Partial<Pick<VolumeFilesInputs, "dockerHost" | "dataHost" | "reader">>;

/**
 * Why a volume that held data is not simply made again, empty: it was there when the last run ended, and is gone.
 *
 * @param old the inputs of the last run; undefined: there was none
 * @returns what to do; undefined where nothing is lost
 */
export async function lostVolume(now: Known, old: Known | undefined): Promise<string | undefined> {
  const { volume, driver } = now.reader?.keeps ?? {};
  if (volume === undefined || !old) return undefined;
  const wasThere = old.reader?.keeps?.volume === volume || old.dataHost?.place === `volume ${volume}`;
  // On another machine it was never there; whether that is meant has been asked already.
  const isSameHost = now.dockerHost?.url === old.dockerHost?.url && now.dataHost?.id === old.dataHost?.id;
  if (!wasThere || !isSameHost) return undefined;
  const docker = dockerClient(now.dockerHost ?? {});
  // An engine that does not answer is reported by the step that needs an answer.
  const found = await orMissing(docker.getVolume(volume).inspect()).catch(() => "unknown");
  if (found !== undefined) return undefined;
  return lostVolumeText(volume, driver);
}

/** What is wrong, and the two ways out. */
export function lostVolumeText(volume: string, driver: string | undefined): string {
  const create = driver === undefined ? volume : `--driver ${driver} ${volume} (with its driverOptions)`;
  return `volume ${volume}, which held the images, is gone. Restore it from a backup. To begin with an empty one, type: docker volume create ${create}`;
}
