import type Docker from "dockerode";
import { attempt, orMissing, statusOf } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { labelsOf, mapOf, textOf, toLabels } from "../../../lib/protocol/values.ts";
import { labels, map, text } from "../common/fields.ts";
import { given } from "../common/given.ts";
import { removeOnceUnused } from "../common/remove-once-unused.ts";
import type { ResourceType } from "../common/resource-type.ts";

const replaces = true;

/**
 * `docker:index/volume:Volume`. Its id is its name. Every change replaces it.
 * Creating a volume that is there already is no error to Docker, and it keeps its data; so a creation that was cut
 * off can simply be repeated. Deleting one that is in use waits up to 30 seconds for its users to go.
 */
export const volume: ResourceType = {
  token: "docker:index/volume:Volume",
  inputs: {
    cluster: map(),
    driver: text({ replaces, computed: true }),
    driverOpts: map({ replaces }),
    labels: labels(),
    name: text({ replaces, computed: true }),
  },
  computedOutputs: ["mountpoint"],
  autoName: true,
  deleteBeforeReplace: "if named",

  problems: ({ cluster: wanted }) =>
    wanted ? [{ property: "cluster", reason: "cluster volumes need the Pulumi CLI and its Docker plugin" }] : [],

  async create({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const options = given({
      Name: name,
      Driver: textOf(inputs.driver),
      DriverOpts: inputs.driverOpts ? mapOf(inputs.driverOpts) : undefined,
      Labels: inputs.labels ? labelsOf(inputs.labels) : undefined,
    });
    const made = await attempt(`create the volume "${name}"`, () => docker.createVolume(options));
    return made.name;
  },

  async read({ docker }, id) {
    const found = await attempt(`inspect the volume "${id}"`, () => orMissing(docker.getVolume(id).inspect()));
    return found && { id: found.Name, outputs: outputsOf(found) };
  },

  delete: ({ docker }, id) =>
    attempt(`delete the volume "${id}"`, () =>
      removeOnceUnused(
        () => docker.getVolume(id).remove({ force: true }),
        (error) => statusOf(error) === 409,
      ),
    ),

  async find({ docker }, inputs) {
    const found = await orMissing(docker.getVolume(textOf(inputs.name) ?? "").inspect());
    const { CreatedAt = 0 } = (found ?? {}) as { CreatedAt?: string };
    return found && { id: found.Name, createdAt: new Date(CreatedAt), isHalfMade: false };
  },
};

function outputsOf(found: Docker.VolumeInspectInfo): PropertyMap {
  return {
    name: found.Name,
    driver: found.Driver,
    driverOpts: found.Options ?? {},
    labels: toLabels(found.Labels),
    mountpoint: found.Mountpoint,
  };
}
