import { randomUUID } from "node:crypto";
import { checkProviderConfig, diffProviderConfig } from "../plugins/configure-provider.ts";
import type {
  CheckCall,
  CreateCall,
  DiffCall,
  Found,
  Made,
  ReadCall,
  ResourceProvider,
  UpdateCall,
} from "../plugins/resource-provider.ts";
import { unknownValue } from "../protocol/property-value.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import { publicInputs } from "./provider-registry.ts";

/** Manages provider resources (`pulumi:providers:<package>`): making one means to configure a plugin. */
export class ProviderResources implements ResourceProvider {
  readonly #registry: ProviderRegistry;

  constructor(registry: ProviderRegistry) {
    this.#registry = registry;
  }

  async check({ urn, oldInputs, newInputs }: CheckCall) {
    const { __internal } = newInputs;
    const connection = await this.#registry.connection(urn, newInputs);
    const checked = await checkProviderConfig(connection, urn, publicInputs(oldInputs), publicInputs(newInputs));
    return { ...checked, inputs: { ...checked.inputs, ...(__internal !== undefined && { __internal }) } };
  }

  async diff(call: DiffCall) {
    const connection = await this.#registry.connection(call.urn, call.newInputs);
    const publicCall = { ...call, oldInputs: publicInputs(call.oldInputs), newInputs: publicInputs(call.newInputs) };
    return diffProviderConfig(connection, publicCall);
  }

  async create({ urn, inputs, preview }: CreateCall): Promise<Made> {
    const id = preview ? unknownValue : randomUUID();
    await this.#registry.configure(urn, id, inputs);
    return { id: preview ? "" : id, outputs: publicInputs(inputs), initErrors: [] };
  }

  async update({ urn, id, newInputs }: UpdateCall): Promise<Made> {
    await this.#registry.configure(urn, id, newInputs);
    return { id, outputs: publicInputs(newInputs), initErrors: [] };
  }

  async read({ id, inputs, outputs }: ReadCall) {
    return { id, inputs, outputs, initErrors: [] };
  }

  async find(): Promise<Found> {
    return { kind: "none" };
  }

  async delete(): Promise<void> {}
}
