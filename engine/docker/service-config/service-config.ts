import { attempt, orMissing } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { labelsOf, textOf, toLabels } from "../../../lib/protocol/values.ts";
import { base64 } from "../common/checks.ts";
import { labels, text } from "../common/fields.ts";
import type { ResourceType } from "../common/resource-type.ts";

const replaces = true;

/**
 * `docker:index/serviceConfig:ServiceConfig`: a config of the swarm, given either as base64 (`data`) or as it is
 * (`dataRaw`). Its id is Docker's. Every change replaces it, before the old one goes unless it has a name of its own.
 */
export const serviceConfig: ResourceType = {
  token: "docker:index/serviceConfig:ServiceConfig",
  inputs: {
    data: text({ replaces, problem: base64 }),
    dataRaw: text({ replaces }),
    labels: labels(),
    name: text({ replaces }),
  },
  computedOutputs: [],
  autoName: true,
  deleteBeforeReplace: "if named",

  problems({ data, dataRaw }) {
    if ((data === undefined) !== (dataRaw === undefined)) return [];
    return ["data", "dataRaw"].map((property) => ({ property, reason: "needs exactly one of data and dataRaw" }));
  },

  async create({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const body = { Name: name, Labels: labelsOf(inputs.labels), Data: encoded(inputs) };
    const made = await attempt(`create the config "${name}"`, () => docker.createConfig(body));
    return made.id;
  },

  async read({ docker }, id, known) {
    const found = await attempt(`inspect the config "${id}"`, () => orMissing(docker.getConfig(id).inspect()));
    if (!found) return undefined;
    const { Name, Labels, Data } = found.Spec as { Name: string; Labels?: Record<string, string>; Data?: string };
    const data: PropertyMap =
      known.dataRaw === undefined ? { data: Data ?? "" } : { dataRaw: Buffer.from(Data ?? "", "base64").toString() };
    return { id: found.ID, outputs: { name: Name, labels: toLabels(Labels), ...data } };
  },

  delete: ({ docker }, id) => attempt(`delete the config "${id}"`, () => orMissing(docker.getConfig(id).remove())),

  async find({ docker }, inputs) {
    const name = textOf(inputs.name) ?? "";
    const found = (await docker.listConfigs({ filters: { name: [name] } })).find(({ Spec }) => Spec?.Name === name);
    return found && { id: found.ID, createdAt: new Date(found.CreatedAt), isHalfMade: false };
  },
};

function encoded(inputs: PropertyMap): string {
  const raw = textOf(inputs.dataRaw);
  return raw === undefined ? (textOf(inputs.data) ?? "") : Buffer.from(raw).toString("base64");
}
