import { unknownValue } from "../../lib/protocol/property-value.ts";
import { isProviderType, makeUrn, nameOf, projectOf, stackOf } from "../../lib/protocol/urn.ts";
import type { Deployment } from "./checkpoint.ts";
import { GroupCommit } from "./group-commit.ts";
import type { Changes } from "./journal.ts";
import type { PendingOperation, ResourceState } from "./resource-state.ts";
import { providerUrn, referencedUrns, withReferences } from "./resource-state.ts";

/**
 * The resources of a stack during a run: the new ones in the order in which they were finished, then the old
 * ones that the run has not come to. Whatever a resource refers to was finished before it, so that the list is
 * in a valid order at any moment. Nothing that a step asks of it takes longer in a bigger stack.
 */
export class StackState {
  readonly #news = new Map<string, ResourceState>();
  /** Place in the state of each of the new ones: see {@link Changes}. */
  readonly #newPlaces = new Map<string, string>();
  readonly #olds = new Map<string, ResourceState>();
  readonly #places = new Map<ResourceState, string>();
  /** Places of the old ones that are live, by URN. */
  readonly #live = new Map<string, string>();
  /** The old ones that have a URN or refer to it; not there before somebody asks. */
  #mentions: Map<string, Set<ResourceState>> | undefined;
  /** The old providers, by reference; some wait for their deletion. */
  readonly #providers = new Map<string, ResourceState>();
  /** All URNs that there were at first. */
  readonly #first = new Set<string>();
  /** Renamed resources: the URN that they have now to the one that they had at first, and back. */
  readonly #firsts = new Map<string, string>();
  readonly #currents = new Map<string, string>();
  readonly #pending = new Map<PendingOperation, string>();
  #begun = 0;
  #added: number;
  #changes: Changes = new Map();
  readonly #commit: GroupCommit;

  /** @param store records changes of the initial state; it is not asked in previews. */
  constructor(initial: Deployment, store: { append(changes: Changes): Promise<void> }) {
    for (const [index, state] of initial.resources.entries()) this.#setOld(`o${index}`, state);
    for (const urn of this.#live.keys()) this.#first.add(urn);
    this.#added = initial.resources.length;
    this.#changes.clear();
    // What was pending when the run began is resolved: the first commit says so.
    for (const _ of initial.pending) this.#changes.set(`p${this.#begun++}`, undefined);
    this.#commit = new GroupCommit(() => {
      const changes = this.#changes;
      this.#changes = new Map();
      return store.append(changes);
    });
  }

  deployment(): Deployment {
    return { resources: [...this.#news.values(), ...this.#olds.values()], pending: [...this.#pending.keys()] };
  }

  /** The state of the last run, while this run has not come to the resource. */
  old(urn: string): ResourceState | undefined {
    return this.#olds.get(this.#live.get(urn) ?? "");
  }

  /** Whether the last run left a resource of this URN. */
  had(urn: string): boolean {
    return this.#first.has(urn) || this.old(urn) !== undefined;
  }

  /** The state that this run has made. */
  current(urn: string): ResourceState | undefined {
    return this.#news.get(urn);
  }

  /** Everything that this run has made. */
  registered(): ResourceState[] {
    return [...this.#news.values()];
  }

  /** A provider by its reference, `<urn>::<id>`; in previews the id may be unknown. */
  provider(reference: string): ResourceState | undefined {
    const urn = providerUrn(reference);
    const id = reference.slice(urn.length + 2);
    const current = this.#news.get(urn);
    return current && (current.id === id || id === unknownValue) ? current : this.#providers.get(reference);
  }

  /** What the run has not come to: leftovers of replacements and what the program no longer has. */
  remaining(): ResourceState[] {
    return [...this.#olds.values()];
  }

  /** What the run has not come to and what refers to a resource, directly or not; in the order of the state. */
  dependents(root: string): ResourceState[] {
    const found: ResourceState[] = [];
    const urns = new Set([root]);
    for (const urn of urns)
      for (const state of this.#mentioning(urn)) {
        if (state.delete || urns.has(state.urn)) continue;
        urns.add(state.urn);
        found.push(state);
      }
    const order = (state: ResourceState) => Number(this.#places.get(state)?.slice(1));
    return found.sort((a, b) => order(a) - order(b));
  }

  /** Records a finished resource in place of its old state. */
  register(state: ResourceState): void {
    const old = this.old(state.urn);
    if (old) this.forget(old);
    const place = this.#newPlaces.get(state.urn) ?? `n${this.#newPlaces.size}`;
    this.#newPlaces.set(state.urn, place);
    this.#news.set(state.urn, state);
    this.#changes.set(place, state);
  }

  /** Records a finished resource; its old state stays until it is deleted. */
  registerReplacement(state: ResourceState): void {
    const old = this.old(state.urn);
    if (old) this.amend(old, { ...old, delete: true });
    this.register(state);
  }

  /** Puts another state in the place of an old one, which keeps its place in the order. */
  amend(old: ResourceState, amended: ResourceState): void {
    const place = this.#places.get(old);
    if (place === undefined) return;
    this.#take(old, place);
    this.#setOld(place, amended);
  }

  forget(old: ResourceState): void {
    const place = this.#places.get(old);
    if (place === undefined) return;
    this.#take(old, place);
    this.#olds.delete(place);
    this.#changes.set(place, undefined);
  }

  /**
   * Takes up an object that an interrupted create left behind. The object that it was to replace, if any, waits
   * for its deletion; a place holder gives way.
   */
  adopt(adopted: ResourceState): void {
    const old = this.old(adopted.urn);
    if (old) this.amend(old, old.pendingReplacement ? adopted : { ...old, delete: true });
    if (!old?.pendingReplacement) this.#setOld(`o${this.#added++}`, adopted);
  }

  /**
   * Gives an old resource a new URN, and changes all that refers to it, what waits for deletion included. The types of
   * parents are part of a URN: those of children change with it.
   */
  rename(from: string, to: string): void {
    const renames = new Map([[this.#currents.get(from) ?? from, to]]);
    for (const [old, current] of renames)
      for (const { urn, parent, type } of this.#mentioning(old))
        if (parent === old && !renames.has(urn))
          renames.set(urn, makeUrn(stackOf(urn), projectOf(urn), type, nameOf(urn), current));
    const change = (urn: string) => renames.get(urn) ?? urn;
    for (const state of new Set([...renames.keys()].flatMap((urn) => this.#mentioning(urn)))) {
      const changed = { ...withReferences(state, change), urn: change(state.urn) };
      this.amend(state, changed);
      if (state.delete || changed.urn === state.urn) continue;
      const first = this.firstUrn(state.urn);
      this.#firsts.set(changed.urn, first);
      this.#currents.set(first, changed.urn);
    }
  }

  /** The URN that a resource had before this run renamed it: what is deleted goes by that name. */
  firstUrn(urn: string): string {
    return this.#firsts.get(urn) ?? urn;
  }

  /** Records that a provider is about to be asked; on disk when the promise resolves. */
  async begin(operation: PendingOperation): Promise<void> {
    const place = `p${this.#begun++}`;
    this.#pending.set(operation, place);
    this.#changes.set(place, operation);
    await this.save();
  }

  /** Forgets an operation whose end is known; the next save records it. */
  end(operation: PendingOperation): void {
    const place = this.#pending.get(operation);
    if (place === undefined) return;
    this.#pending.delete(operation);
    this.#changes.set(place, undefined);
  }

  save(): Promise<void> {
    return this.#commit.commit();
  }

  #setOld(place: string, state: ResourceState): void {
    this.#olds.set(place, state);
    this.#places.set(state, place);
    if (!state.delete) this.#live.set(state.urn, place);
    if (isProviderType(state.type)) this.#providers.set(`${state.urn}::${state.id}`, state);
    if (this.#mentions) this.#mention(state);
    this.#changes.set(place, state);
  }

  #take(state: ResourceState, place: string): void {
    this.#places.delete(state);
    if (this.#live.get(state.urn) === place) this.#live.delete(state.urn);
    this.#providers.delete(`${state.urn}::${state.id}`);
    for (const urn of this.#mentions ? [state.urn, ...referencedUrns(state)] : [])
      this.#mentions?.get(urn)?.delete(state);
  }

  #mentioning(urn: string): ResourceState[] {
    if (!this.#mentions) {
      this.#mentions = new Map();
      for (const state of this.#olds.values()) this.#mention(state);
    }
    return [...(this.#mentions.get(urn) ?? [])];
  }

  #mention(state: ResourceState): void {
    for (const urn of [state.urn, ...referencedUrns(state)]) {
      const known = this.#mentions?.get(urn);
      if (known) known.add(state);
      else this.#mentions?.set(urn, new Set([state]));
    }
  }
}
