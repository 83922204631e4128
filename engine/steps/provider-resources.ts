import { randomUUID } from "node:crypto";
import { checkProviderConfig, diffProviderConfig } from "../plugins/configure-provider.ts";
import type { ResourceProvider } from "../plugins/resource-provider.ts";
import { unknownValue } from "../protocol/property-value.ts";
import { componentResources } from "./component-resources.ts";
import { type ProviderRegistry, publicInputs } from "./provider-registry.ts";

/** Manages provider resources (`pulumi:providers:<package>`): making one means to configure a plugin. */
export function providerResources(registry: ProviderRegistry): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const { __internal } = newInputs;
      const connection = await registry.connection(urn, newInputs);
      const checked = await checkProviderConfig(connection, urn, publicInputs(oldInputs), publicInputs(newInputs));
      return { ...checked, inputs: { ...checked.inputs, ...(__internal !== undefined && { __internal }) } };
    },

    async diff(call) {
      const connection = await registry.connection(call.urn, call.newInputs);
      const [oldInputs, newInputs] = [publicInputs(call.oldInputs), publicInputs(call.newInputs)];
      return diffProviderConfig(connection, { ...call, oldInputs, newInputs });
    },

    async create({ urn, inputs, preview }) {
      const id = preview ? unknownValue : randomUUID();
      await registry.configure(urn, id, inputs);
      return { id: preview ? "" : id, outputs: publicInputs(inputs), initErrors: [] };
    },

    async update({ urn, id, newInputs }) {
      await registry.configure(urn, id, newInputs);
      return { id, outputs: publicInputs(newInputs), initErrors: [] };
    },

    read: componentResources.read,
    find: componentResources.find,
    delete: componentResources.delete,
  };
}
