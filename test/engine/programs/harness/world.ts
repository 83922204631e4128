import type { PropertyMap } from "../../../../lib/protocol/property-value.ts";

/** The objects of the test provider, and what was asked of it. */
export class World {
  readonly objects = new Map<string, PropertyMap>();
  readonly calls: string[] = [];
  failing: string[] = [];
  partial: string[] = [];
  /** Told of each call before it is done. */
  onCall: (call: string) => void = () => {};
  readonly #made = new Map<string, number>();

  /** The next id for a resource of this name. */
  nextId(name: string): string {
    const count = (this.#made.get(name) ?? 0) + 1;
    this.#made.set(name, count);
    return `${name}-${count}`;
  }

  record(call: string): void {
    this.onCall(call);
    this.calls.push(call);
  }

  /** The objects of a resource. */
  of(name: string): string[] {
    return [...this.objects.keys()].filter((id) => id.replace(/-\d+$/, "") === name);
  }

  /** Changes the objects of a resource behind the engine's back. */
  drift(name: string, properties: PropertyMap): void {
    for (const id of this.of(name)) this.objects.set(id, { ...this.objects.get(id), ...properties });
  }

  remove(name: string): void {
    for (const id of this.of(name)) this.objects.delete(id);
  }
}
