import { randomUUID } from "node:crypto";
import { unknownValue } from "../../lib/protocol/property-value.ts";
import { checkProviderConfig, diffProviderConfig } from "../plugins/configure-provider.ts";
import type { CheckCall, DiffCall, ResourceProvider } from "../plugins/resource-provider.ts";
import { componentResources } from "./component-resources.ts";
import { type ProviderRegistry, publicInputs } from "./provider-registry.ts";

/** Manages provider resources (`pulumi:providers:<package>`): making one means to configure a plugin. */
export function providerResources(registry: ProviderRegistry): ResourceProvider {
  return {
    async check(call) {
      const { __internal } = call.newInputs;
      const connection = await registry.connection(call.urn, call.newInputs);
      const checked = await checkProviderConfig(connection, withoutInternal(call));
      return { ...checked, inputs: { ...checked.inputs, ...(__internal !== undefined && { __internal }) } };
    },

    async diff(call) {
      const connection = await registry.connection(call.urn, call.newInputs);
      return diffProviderConfig(connection, withoutInternal(call));
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

function withoutInternal<Call extends CheckCall | DiffCall>(call: Call): Call {
  return { ...call, oldInputs: publicInputs(call.oldInputs), newInputs: publicInputs(call.newInputs) };
}
