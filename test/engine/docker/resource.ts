import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { Diffed, PluginClient, ReadAnswer } from "./plugin-client.ts";
import { uniqueName, urnOf } from "./plugins.ts";

/** One resource as an engine keeps it: the requests of its life, with the state carried from one to the next. */
export class TestResource {
  readonly urn: string;
  readonly #plugin: PluginClient;
  id = "";
  inputs: PropertyMap = {};
  outputs: PropertyMap = {};

  constructor(plugin: PluginClient, type: string) {
    this.#plugin = plugin;
    this.urn = urnOf(type, uniqueName()); // made-up names come from it
  }

  async check(wanted: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await this.#plugin.check(this.urn, this.inputs, wanted);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return inputs;
  }

  async create(wanted: PropertyMap): Promise<this> {
    this.inputs = await this.check(wanted);
    const { id, outputs } = await this.#plugin.create(this.urn, this.inputs);
    Object.assign(this, { id, outputs });
    return this;
  }

  async diff(wanted: PropertyMap): Promise<Diffed> {
    return this.#plugin.diff({ ...this.#state(), newInputs: await this.check(wanted) });
  }

  async update(wanted: PropertyMap): Promise<this> {
    const newInputs = await this.check(wanted);
    this.outputs = await this.#plugin.update({ ...this.#state(), newInputs });
    this.inputs = newInputs;
    return this;
  }

  /** Reads the live state into this one; undefined: it is gone. */
  async refresh(): Promise<ReadAnswer | undefined> {
    const live = await this.#plugin.read(this.urn, this.id, this.inputs, this.outputs);
    if (!live.id) return undefined;
    Object.assign(this, live);
    return live;
  }

  async delete(): Promise<void> {
    if (this.id) await this.#plugin.delete(this.urn, this.id, this.inputs, this.outputs);
    this.id = "";
  }

  #state() {
    return { urn: this.urn, id: this.id, oldInputs: this.inputs, oldOutputs: this.outputs };
  }
}
