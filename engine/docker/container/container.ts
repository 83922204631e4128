import { attempt, daemonMessage, orMissing, statusOf } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { isTrue, numberOf, objectsOf, textOf, textsOf } from "../../../lib/protocol/values.ts";
import { isBlank } from "../common/fields.ts";
import type { ResourceType, Session } from "../common/resource-type.ts";
import { ensureImage } from "../remote-image/ensure-image.ts";
import { attachNetworks } from "./attach-networks.ts";
import { containerFields } from "./container-fields.ts";
import { containerOutputs } from "./container-outputs.ts";
import { createOptions } from "./create-options.ts";
import { startContainer } from "./start-container.ts";
import { updateContainer } from "./update-container.ts";
import { contentsGiven, uploadFiles } from "./upload-files.ts";
import { withoutFrames } from "./without-frames.ts";

/**
 * `docker:index/container:Container`. Its id is Docker's. A replacement always deletes first.
 * Creation pulls the image where it is missing, attaches networks and uploads files before the start. What fails
 * until then leaves nothing behind; a container that does not start, or does not get healthy, is a partial failure,
 * and the next update starts it again.
 */
export const container: ResourceType = {
  token: "docker:index/container:Container",
  inputs: containerFields,
  computedOutputs: ["bridge", "containerLogs", "exitCode", "networkDatas"],
  zeroOutputs: {
    attach: false,
    logs: false,
    memoryReservation: 0,
    readOnly: false,
    rm: false,
    stdinOpen: false,
    tty: false,
    wait: false,
    envs: [],
    labels: [],
    securityOpts: [],
  },
  autoName: true,
  deleteBeforeReplace: "always",
  problems,

  async create(session, inputs, made) {
    await ensureImage(session, textOf(inputs.image) ?? "", textOf(inputs.platform));
    const { docker } = session;
    const name = textOf(inputs.name) ?? "";
    const { id } = await attempt(`create the container "${name}"`, () => docker.createContainer(createOptions(inputs)));
    try {
      await attachNetworks(docker, id, inputs);
      await uploadFiles(docker, id, inputs);
    } catch (error) {
      await docker.getContainer(id).remove({ force: true, v: true });
      throw error;
    }
    made(id);
    await startContainer(session, id, inputs);
    return id;
  },

  async read({ docker }, id, known) {
    const found = await attempt(`inspect the container "${id}"`, () => orMissing(docker.getContainer(id).inspect()));
    if (!found) return undefined;
    const logs = isTrue(known.attach) && isTrue(known.logs) ? { containerLogs: await logsOf(docker, id) } : {};
    return { id: found.Id, outputs: { ...containerOutputs(found, known), ...logs } };
  },

  update: updateContainer,

  async delete({ docker }, id, known) {
    const found = docker.getContainer(id);
    const grace = numberOf(known.destroyGraceSeconds) ?? 0;
    await attempt(`delete the container "${textOf(known.name) ?? id}"`, async () => {
      if (!isTrue(known.attach)) await unlessDone(found.stop({ t: grace }));
      await unlessDone(found.remove({ force: true, v: isTrue(known.removeVolumes) }));
      await orMissing(found.wait({ condition: "removed" }));
    });
  },

  async find({ docker }, inputs) {
    const found = await orMissing(docker.getContainer(textOf(inputs.name) ?? "").inspect());
    if (!found) return undefined;
    const isHalfMade = found.State.Status === "created" && isTrue(inputs.start);
    return { id: found.Id, createdAt: new Date(found.Created), isHalfMade };
  },
};

function problems(inputs: PropertyMap): { property: string; reason: string }[] {
  const found: { property: string; reason: string }[] = [];
  if (textsOf(inputs.command).includes("")) found.push({ property: "command", reason: "has an empty argument" });
  objectsOf(inputs.volumes).forEach((volume, index) => {
    if (isBlank(volume.fromContainer) !== isBlank(volume.containerPath)) return;
    found.push({ property: `volumes[${index}]`, reason: "needs either a containerPath or a fromContainer" });
  });
  objectsOf(inputs.uploads).forEach((upload, index) => {
    const contents = contentsGiven(upload);
    if (contents.length === 1) return;
    found.push({ property: `uploads[${index}]`, reason: "needs exactly one of content, contentBase64 and source" });
  });
  return found;
}

/** A container that stands still, is being removed or is gone needs no other request. */
async function unlessDone(request: Promise<unknown>): Promise<void> {
  try {
    await orMissing(request);
  } catch (error) {
    if (statusOf(error) !== 304 && !/is already in progress/.test(daemonMessage(error))) throw error;
  }
}

async function logsOf(docker: Session["docker"], id: string): Promise<string> {
  const container = docker.getContainer(id);
  const { Config } = await container.inspect();
  const raw = await container.logs({ stdout: true, stderr: true, follow: false });
  return Config.Tty ? raw.toString() : withoutFrames(raw);
}
