import { dockerClient } from "../../lib/docker/docker-client.ts";
import { orMissing } from "../../lib/docker/docker-error.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { VolumeOwnerInputs } from "./volume-owner-inputs.ts";
import { runInVolume } from "./volume-script.ts";

/** Answers 3 and the owner of the first thing in the volume; 0 where there is none. */
const lookScript =
  'cd /volume && for f in * .[!.]*; do [ "$f" = lost+found ] || [ ! -e "$f" ] || { stat -c %u:%g "$f"; exit 3; }; done';

/**
 * What a new registry finds in a volume that is there already, and as whom it will run; undefined: nothing. A volume on another node
 * is not looked at, nor is one that the same run has just made.
 *
 * @param known the inputs of its owner; in a first preview the image of a container is not among them
 */
export async function foundVolume(known: Partial<VolumeOwnerInputs>): Promise<string | undefined> {
  const { volume, dockerHost, owner, image, task } = known;
  if (volume === undefined || dockerHost === undefined || owner === undefined) return undefined;
  // The image of a container is known as soon as its volume has been made.
  if (image !== undefined && !task) return undefined;
  if (!(await isOnEngine(known))) return undefined;
  // An engine that does not answer is reported by the step that needs an answer.
  const found = await orMissing(dockerClient(dockerHost).getVolume(volume).inspect()).catch(() => undefined);
  if (!found) return undefined;
  const holder = await holderIn(dockerHost, volume, image);
  return holder === "nobody" ? undefined : describe(volume, holder, known);
}

/** Whether the volume is on the engine that is asked, as far as one can tell: constraints may lead to any node. */
export async function isOnEngine({ dockerHost, task, node }: Partial<VolumeOwnerInputs>): Promise<boolean> {
  if (!task) return true;
  if (task.constraints.length > 0) return false;
  // Not known before the swarm is: it is going to be this engine's.
  if (node === undefined) return true;
  const info = (await dockerClient(dockerHost ?? {}).info()) as { Swarm?: { NodeID?: string } };
  return info.Swarm?.NodeID === node;
}

/** `uid:gid`; "nobody": it is empty; undefined: there is nothing yet to look with. */
async function holderIn(dockerHost: DockerHost, volume: string, image = ""): Promise<string | undefined> {
  const look = () => runInVolume({ dockerHost, volume, image }, "0:0", ["DAC_OVERRIDE"], [lookScript, "sh"]);
  const { status, output } =
    image === "" ? { status: 1, output: "" } : await look().catch(() => ({ status: 1, output: "" }));
  if (status === 0) return "nobody";
  return status === 3 ? /\d+:\d+$/.exec(output)?.[0] : undefined;
}

function describe(
  volume: string,
  holder: string | undefined,
  { owner, keepsOwner }: Partial<VolumeOwnerInputs>,
): string {
  const wanted = `${owner?.uid}:${owner?.gid}`;
  const has = holder === undefined ? "exists already" : `has images of ${holder} already`;
  const found = `volume ${volume} ${has}: the registry serves what is in it`;
  if (!keepsOwner) return `${found}, and must be able to write it as ${wanted}`;
  if (holder === undefined) return `${found}, and runs as its owner`;
  return `${found}, and runs as ${holder.startsWith("0:") ? "root, its owner" : holder}`;
}
