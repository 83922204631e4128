import type { z } from "zod";
import { dockerClient, isNotFound } from "../../lib/docker/docker-client.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { movedData } from "../docker-host/data-host.ts";
import { foreignReaders } from "./foreign-readers.ts";
import { removeHelpers } from "./helpers.ts";
import { lostVolume } from "./lost-volume.ts";
import { restartReaders } from "./restart-readers.ts";
import { trialProblem } from "./trial-problem.ts";
import { inputs, outputs, type VolumeFilesInputs } from "./volume-files-inputs.ts";
import type { LiveFile } from "./volume-writer.ts";
import { VolumeWriter } from "./volume-writer.ts";

type Inputs = VolumeFilesInputs;
type Outputs = z.infer<typeof outputs>;

/** `registry-kit:files:VolumeFiles`: see the class of that name for what it means to users. */
export const volumeFilesDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:files:VolumeFiles",
  inputs,
  outputs,
  secretOutputs: ["digests"],
  // With another owner the containers that read the files are other ones, too: a restart of the old ones would fail.
  replaceOn: ["volume", "dockerHost", "owner"],
  // It decides what is tried, not what is written.
  untracked: ["reader"],
  async validateKnown(known, old, { urn }) {
    const { volume, dockerHost: host, dataHost: data } = known;
    const moved = data && movedData(data, old?.dataHost);
    if (moved) return [{ property: "dataHost", reason: moved }];
    if (volume === undefined || host === undefined) return [];
    // An engine that does not answer is reported by the step that needs an answer.
    const readers = await foreignReaders(urn, old !== undefined, volume, host).catch(() => []);
    if (readers.length === 0) {
      const lost = await lostVolume(known, old);
      return lost ? [{ property: "", reason: lost }] : await trialProblem(known, old);
    }
    const reason =
      `is ${volume}, where container ${readers.join(", ")} has its files, and this state did not make them: another copy of the ` +
      "project deployed a stack of this name here, or the state is lost. Use that copy, choose another name, or remove the container.";
    return [{ property: "volume", reason }];
  },
  due: ({ outputs: { drift } }) => drift.map((reason) => ({ property: "drift", reason })),
  async create(news) {
    // A volume of that name may be in use already, by a container that an earlier stack left: replace, don't just write.
    const writer = writerFor(news);
    const present = await writer.writeMissing(news.files, news.owner);
    await writer.replace(present, news.owner);
    return { id: news.volume, outputs: written(news) };
  },
  /** How far a killed run came is not looked at: an update puts in order whatever is in the volume. */
  find: async ({ volume }) => ({
    id: volume,
    outputs: { digests: {}, drift: ["the last run was stopped while it wrote the files"] },
  }),
  async update(state, news) {
    const writer = writerFor(news);
    // What really is in the volume decides, so that a run after an interrupted one does just what is left.
    const live = (await writer.read()) ?? new Map<string, LiveFile>();
    const different = news.files.filter((wanted) => difference(wanted, news.owner, live) !== undefined);
    await writer.replace(different, news.owner);
    // Mode and owner alone tell a reader nothing new.
    const changed = news.files.filter(({ name, content }) =>
      [live.get(name)?.digest, state.outputs.digests[name]].some((digest) => digest !== sha256(content)),
    );
    if (changed.some(({ onChange }) => onChange === "restart")) {
      await restartReaders(news.dockerHost, news.volume);
    }
    return written(news);
  },
  async read(state) {
    const live = await writerFor(state.inputs)
      .read()
      .catch((error) => {
        // The image that the helper runs is gone: there is nothing to look with until an up has got it again.
        if (isNotFound(error)) return "unknown" as const;
        throw error;
      });
    if (live === "unknown") return state.outputs;
    const { files, owner, reader, dataHost: data } = state.inputs;
    if (!live) {
      // What is known here tells the next up whether the data beside the files are lost, too.
      const keeps = reader?.keeps ?? data?.place.startsWith("volume ");
      return keeps ? { ...state.outputs, drift: [`volume ${state.inputs.volume} is gone`] } : undefined;
    }
    const drift = files.flatMap((wanted) => difference(wanted, owner, live) ?? []);
    return { ...state.outputs, drift };
  },
  // The files go with their volume, which nothing may be using then.
  delete: ({ inputs: { dockerHost: host, volume } }) => removeHelpers(dockerClient(host), volume),
};

function writerFor({ dockerHost: host, volume, image }: Inputs): VolumeWriter {
  return new VolumeWriter(dockerClient(host), volume, image);
}

function written({ files }: Inputs): Outputs {
  return { digests: Object.fromEntries(files.map(({ name, content }) => [name, sha256(content)])), drift: [] };
}

function difference(
  { name, content, mode }: Inputs["files"][number],
  { uid, gid }: Inputs["owner"],
  live: Map<string, LiveFile>,
): string | undefined {
  const found = live.get(name);
  if (!found) return `${name} is not in the volume any more`;
  if (found.digest !== sha256(content)) return `${name} in the volume is not what was written`;
  if (found.mode !== mode) return `${name} has mode 0${found.mode.toString(8)} instead of 0${mode.toString(8)}`;
  if (found.uid !== uid || found.gid !== gid) {
    return `${name} belongs to ${found.uid}:${found.gid} instead of ${uid}:${gid}`;
  }
  return undefined;
}
