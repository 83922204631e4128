import { isDeepStrictEqual } from "node:util";
import { dockerClient, isNotFound } from "../../lib/docker/docker-client.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import type { Problems } from "../../lib/provider/resource-definition.ts";
import { tryReader } from "./reader-trial.ts";
import type { VolumeFilesInputs } from "./volume-files-inputs.ts";

type Known = Partial<VolumeFilesInputs>;

/** The trials that went well in this process: an engine checks at preview and at up. */
const passed = new Set<string>();

/**
 * Tries a container whose arguments, image or files change, before anything of the running one is touched.
 *
 * @param now what is known yet
 * @param old the inputs of the last run; undefined: there was none, and nothing runs that could be lost
 */
export async function trialProblem(now: Known, old: Known | undefined): Promise<Problems> {
  const { reader, volume, image, owner, files, dockerHost: host } = now;
  if (!old || !reader || volume === undefined || image === undefined || !owner || !host) return [];
  const { container, writes } = reader;
  const isSame =
    isDeepStrictEqual(
      [container, writes, image, volume],
      [old.reader?.container, old.reader?.writes, old.image, old.volume],
    ) &&
    (!files || isDeepStrictEqual(restarting(files), restarting(old.files ?? [])));
  const key = sha256(JSON.stringify([reader, volume, image, owner, files, host]));
  if (isSame || passed.has(key)) return [];
  const reason = await tryReader(dockerClient(host), { reader, volume, image, owner, files }).catch((error) => {
    // An engine that does not answer or cannot, or has no such image any more, is reported where an answer is needed.
    if (isNotFound(error) || !("statusCode" in error) || error.statusCode >= 500) return undefined;
    throw error;
  });
  if (reason !== undefined) return [{ property: "", reason }];
  passed.add(key);
  return [];
}

/** What a restarted reader reads; it looks at the others again by itself. */
function restarting(files: VolumeFilesInputs["files"]) {
  return files.filter(({ onChange }) => onChange === "restart");
}
