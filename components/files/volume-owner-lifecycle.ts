import type { z } from "zod";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { orMissing } from "../../lib/docker/docker-error.ts";
import type { ResourceContext, ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { foundVolume, isOnEngine } from "./found-volume.ts";
import { lostVolumeText } from "./lost-volume.ts";
import { inputs, outputs, type VolumeOwnerInputs } from "./volume-owner-inputs.ts";
import { runInVolume, stopScripts } from "./volume-script.ts";

type Inputs = VolumeOwnerInputs;
type Outputs = z.infer<typeof outputs>;

/** `registry-kit:files:VolumeOwner`: see the class of that name for what it means to users. */
export const volumeOwnerDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:files:VolumeOwner",
  inputs,
  outputs,
  secretOutputs: [],
  stableOutputs: ["holder"],
  replaceOn: ["volume", "dockerHost", "keepsOwner"],
  /** A new stack that meets the volume of an earlier one says so, before anything is touched. */
  async validateKnown(known, old, { log }) {
    const lost = old && (await lostOnNode(known, old));
    if (lost) return [{ property: "", reason: lost }];
    const found = old ? undefined : await foundVolume(known);
    if (found) log("info", found);
    return [];
  },
  due: ({ outputs: { interrupted } }) =>
    interrupted ? [{ property: "interrupted", reason: "nothing shows yet that the volume has its owner" }] : [],
  async find(inputs) {
    const { volume } = inputs;
    // Of a task's volume that was not made yet nothing was done.
    if (inputs.task && (await isOnEngine(inputs)) && !(await isThere(inputs))) return await stopScripts(inputs);
    return { id: volume, outputs: { given: false, interrupted: true } };
  },
  create: async (news, context) => ({ id: news.volume, outputs: await give(news, context) }),
  async update({ outputs: { holder } }, news, context) {
    if (holder === undefined) return await give(news, context);
    // Who has the volume stays, also where it was lost and is empty.
    return { ...(await give({ ...news, owner: ownerOf(holder) }, context)), holder };
  },
  /** Where the volume is gone, the next one of its name has to be given, too. The resource stays: its owner is known at a preview then. */
  async read({ inputs, outputs }) {
    // Another node of the swarm cannot be asked for it.
    if (!(await isOnEngine(inputs)) || (await isThere(inputs))) return outputs;
    return { ...outputs, interrupted: true };
  },
  // The owner stays. A helper that a killed run left would keep the volume from being removed.
  delete: ({ inputs: { dockerHost: host, volume, task } }) => stopScripts({ dockerHost: host, volume, task }),
};

/** Answers 0 where it gave the volume away; 3 and the owner of the first thing in it, where there is something. */
const giveScript =
  'cd /volume && for f in * .[!.]*; do [ "$f" = lost+found ] || [ ! -e "$f" ] || { stat -c %u:%g "$f"; exit 3; }; done; mkdir "$1" && chown "$2" "$1" .';

/** Answers 4 and the folder that the registry has to write to and cannot: none above the innermost one that is there. */
const writeScript =
  'cd /volume && d=. && for f in docker docker/registry docker/registry/v2; do [ ! -d "$f" ] || d=$f; done && for f in "$d" docker/registry/v2/*; do [ ! -d "$f" ] || [ -w "$f" ] || { stat -c "%n of %u:%g" "$f"; exit 4; }; done';

async function give(news: Inputs, context: ResourceContext): Promise<Outputs> {
  const { volume, owner, folder, keepsOwner } = news;
  await stopScripts(news);
  const wanted = `${owner.uid}:${owner.gid}`;
  // It looks into folders of others, and gives its own away.
  const gift = await runInVolume(news, "0:0", ["CHOWN", "DAC_OVERRIDE"], [giveScript, "sh", folder, wanted]);
  if (gift.status === 0) return { given: true, ...(keepsOwner ? { holder: wanted } : {}) };
  if (gift.status !== 3) throw new Error(`Volume ${volume} can't be given to ${wanted}: ${gift.output}`);
  if (keepsOwner) {
    const holder = /\d+:\d+$/.exec(gift.output)?.[0] ?? "0:0";
    if (holder !== wanted) {
      const runs = holder.startsWith("0:") ? "as root" : `as ${holder}`;
      const reason = `volume ${volume} has images of ${holder} already: the registry runs ${runs}, and nothing was changed`;
      context.log("warning", `${reason}. To have it run as ${wanted}: docs/security.md, "The user of the registry"`);
    }
    return { given: false, holder };
  }
  const writing = await runInVolume(news, wanted, [], [writeScript, "sh"]);
  if (writing.status === 0) return { given: false };
  throw new Error(
    `Volume ${volume} has images that ${wanted} can't write (${writing.output}), and nothing was changed. ` +
      `Stop the registry and give it the volume: docker run --rm --user 0:0 --entrypoint chown -v ${volume}:/volume ${news.image} -R ${wanted} /volume. ` +
      "Or set the user to the one that has it.",
  );
}

/** A task's volume would be made again, empty, by the next task. A container's is looked for where its files are. */
async function lostOnNode(now: Partial<Inputs>, old: Partial<Inputs>): Promise<string | undefined> {
  const { volume, task, dockerHost: host = {} } = now;
  if (!task || volume === undefined || task.driverOptions?.device || !(await isOnEngine(now))) return undefined;
  const had = old.volume === volume && old.dockerHost?.url === host.url && old.node === now.node;
  // An engine that does not answer is reported by the step that needs an answer.
  if (!had || (await isThere({ dockerHost: host, volume }).catch(() => true))) return undefined;
  return lostVolumeText(volume, task.driver === "local" ? undefined : task.driver);
}

async function isThere({ dockerHost: host, volume }: Pick<Inputs, "dockerHost" | "volume">): Promise<boolean> {
  return (await orMissing(dockerClient(host).getVolume(volume).inspect())) !== undefined;
}

function ownerOf(holder: string): Inputs["owner"] {
  const [uid = 0, gid = 0] = holder.split(":").map(Number);
  return { uid, gid };
}
