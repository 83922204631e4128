import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { plainMap } from "../../lib/protocol/property-value.ts";
import { defineResource } from "../../lib/provider/define-resource.ts";
import type { Lifecycle } from "../../lib/provider/lifecycle.ts";
import { PartialFailure } from "../../lib/provider/lifecycle.ts";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";

/** One resource as an engine drives it: what fails half-way is recorded, the next `up` gets it back. */
export class ResourceStack<Inputs extends object, Outputs extends object> {
  readonly log: string[] = [];
  state: { id: string; inputs: PropertyMap; outputs: PropertyMap } | undefined;
  readonly #lifecycle: Lifecycle;
  readonly #context: { urn: string; log(severity: string, message: string): void };

  /** @param name tells the resources of several stacks apart. */
  constructor(definition: ResourceDefinition<Inputs, Outputs>, name = "resource") {
    this.#lifecycle = defineResource(definition).lifecycle;
    this.#context = {
      urn: `urn:pulumi:test::registry-kit::${definition.type}::${name}`,
      log: (severity, message) => void this.log.push(`${severity}: ${message}`),
    };
  }

  get outputs(): Outputs {
    return plainMap(this.state?.outputs ?? {}) as unknown as Outputs;
  }

  /** The problems that a preview shows. */
  async problems(newInputs: PropertyMap): Promise<string[]> {
    return (await this.#check(newInputs)).failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  /** What `up` did; it throws what the engine would show. */
  async up(newInputs: PropertyMap): Promise<"create" | "update" | "replace" | "none"> {
    const { inputs, failures } = await this.#check(newInputs);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    if (!this.state) {
      await this.#record(inputs, () => this.#lifecycle.create({ ...this.#request(), inputs }));
      return "create";
    }
    const change = { ...this.#old(), newInputs: inputs, ignoreChanges: [] };
    const { action } = await this.#lifecycle.diff(change);
    if (action === "replace") {
      await this.down();
      await this.up(newInputs);
    } else if (action === "update") {
      const { id } = this.state;
      await this.#record(inputs, async () => {
        return { id, outputs: await this.#lifecycle.update({ ...this.#request(), ...change }) };
      });
    }
    return action;
  }

  /** The run is killed before anything of the resource is recorded; the next one looks for what it made, as the built-in engine does. */
  async loseState(since: Date): Promise<void> {
    const { inputs = {} } = this.state ?? {};
    const found = await this.#lifecycle.find?.({ ...this.#context, inputs, since });
    this.state = found && { inputs, ...found };
  }

  async refresh(): Promise<void> {
    if (this.state) this.state = await this.#lifecycle.read({ ...this.#context, ...this.state });
  }

  async down(): Promise<void> {
    if (this.state) await this.#lifecycle.delete({ ...this.#request(), ...this.state });
    this.state = undefined;
  }

  #check(newInputs: PropertyMap) {
    const oldInputs = this.state?.inputs ?? {};
    return this.#lifecycle.check({ ...this.#context, oldInputs, newInputs, randomSeed: new Uint8Array(32) });
  }

  async #record(inputs: PropertyMap, work: () => Promise<{ id: string; outputs: PropertyMap }>): Promise<void> {
    try {
      this.state = { inputs, ...(await work()) };
    } catch (error) {
      if (error instanceof PartialFailure) this.state = { id: error.id, inputs, outputs: error.outputs };
      throw error;
    }
  }

  #request() {
    return { ...this.#context, preview: false, timeout: 0 };
  }

  #old() {
    const { id, inputs, outputs } = this.state ?? { id: "", inputs: {}, outputs: {} };
    return { ...this.#context, id, oldInputs: inputs, oldOutputs: outputs };
  }
}
