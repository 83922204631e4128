import type Docker from "dockerode";
import { attempt, orMissing } from "../../../lib/docker/docker-error.ts";
import { isTrue, textOf } from "../../../lib/protocol/values.ts";
import { flag, map, set, text } from "../common/fields.ts";
import type { ResourceType, Session } from "../common/resource-type.ts";
import { ensureImage } from "./ensure-image.ts";

const replaces = true;

/**
 * `docker:index/remoteImage:RemoteImage`: an image that the daemon has. Its id is the image's id followed by its
 * name. An image of that name that is there already is taken as it is; otherwise it is pulled. A change of name,
 * platform, pullTriggers or triggers replaces it; `keepLocally` leaves the image on the host when it is deleted.
 */
export const remoteImage: ResourceType = {
  token: "docker:index/remoteImage:RemoteImage",
  inputs: {
    build: map({ conflictsWith: ["pullTriggers"] }),
    forceRemove: flag(),
    keepLocally: flag(),
    name: text({ required: true, replaces }),
    platform: text({ replaces }),
    pullTriggers: set(text(), { replaces }),
    triggers: map({ replaces }),
  },
  computedOutputs: ["imageId", "repoDigest"],
  autoName: false,
  deleteBeforeReplace: "never",

  problems: ({ build }) =>
    build ? [{ property: "build", reason: "building an image needs the Pulumi CLI and its Docker plugin" }] : [],

  async create(session, inputs) {
    const name = textOf(inputs.name) ?? "";
    const image = await ensureImage(session, name, textOf(inputs.platform));
    return image.Id + name;
  },

  async read({ docker }, id, known) {
    const name = textOf(known.name) ?? nameIn(id);
    const image = await attempt(`inspect the image "${name}"`, () => orMissing(docker.getImage(name).inspect()));
    return image && { id: image.Id + name, outputs: { name, imageId: image.Id, repoDigest: repoDigest(name, image) } };
  },

  async update(session, _id, inputs) {
    await ensureImage(session, textOf(inputs.name) ?? "", textOf(inputs.platform));
  },

  async delete(session: Session, _id, known) {
    if (isTrue(known.keepLocally)) return;
    const name = textOf(known.name) ?? "";
    const image = session.docker.getImage(name);
    await attempt(`delete the image "${name}" (keepLocally: true leaves it)`, () =>
      orMissing(image.remove({ force: isTrue(known.forceRemove) })),
    );
  },
};

/** An id is `sha256:<64 digits><name>`. */
function nameIn(id: string): string {
  return id.replace(/^sha256:[0-9a-f]{64}/, "");
}

/** The digest under which the image's own repository knows it, else any; "" for an image that was never pulled. */
export function repoDigest(name: string, image: Docker.ImageInspectInfo): string {
  const digests = image.RepoDigests ?? [];
  const repository = name.split("@")[0]?.replace(/:[^/:]*$/, "") ?? name;
  return digests.find((digest) => digest.startsWith(`${repository}@`)) ?? digests[0] ?? "";
}
