import { attempt, orMissing } from "../../../lib/docker/docker-error.ts";
import { labelsOf, textOf, toLabels } from "../../../lib/protocol/values.ts";
import { base64 } from "../common/checks.ts";
import { labels, text } from "../common/fields.ts";
import type { ResourceType } from "../common/resource-type.ts";

const replaces = true;

/**
 * `docker:index/secret:Secret`: a secret of the swarm. Its id is Docker's. Every change replaces it; a secret without
 * a name of its own is replaced before the old one goes, so that services can move from one to the other.
 * Docker never gives the data back: a change of it by others cannot be seen.
 */
export const secret: ResourceType = {
  token: "docker:index/secret:Secret",
  inputs: {
    data: text({ required: true, replaces, secret: true, problem: base64 }),
    labels: labels(),
    name: text({ replaces }),
  },
  computedOutputs: [],
  autoName: true,
  deleteBeforeReplace: "if named",

  async create({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const body = { Name: name, Labels: labelsOf(inputs.labels), Data: textOf(inputs.data) ?? "" };
    const made = await attempt(`create the secret "${name}"`, () => docker.createSecret(body));
    return made.id;
  },

  async read({ docker }, id) {
    const found = await attempt(`inspect the secret "${id}"`, () => orMissing(docker.getSecret(id).inspect()));
    return found && { id: found.ID, outputs: { name: found.Spec?.Name ?? "", labels: toLabels(found.Spec?.Labels) } };
  },

  delete: ({ docker }, id) => attempt(`delete the secret "${id}"`, () => orMissing(docker.getSecret(id).remove())),

  async find({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const found = (await docker.listSecrets({ filters: { name: [name] } })).find(({ Spec }) => Spec?.Name === name);
    return found && { id: found.ID, createdAt: new Date(found.CreatedAt ?? 0), isHalfMade: false };
  },
};
