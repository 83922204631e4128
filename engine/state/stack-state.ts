import { unknownValue } from "../protocol/property-value.ts";
import type { Deployment } from "./checkpoint.ts";
import { GroupCommit } from "./group-commit.ts";
import type { PendingOperation, ResourceState } from "./resource-state.ts";
import { providerUrn } from "./resource-state.ts";

/**
 * The resources of a stack during a run: the new ones in the order in which they were finished, then the old
 * ones that the run has not come to. Whatever a resource refers to was finished before it, so that the list is
 * in a valid order at any moment.
 */
export class StackState {
  readonly #news = new Map<string, ResourceState>();
  /** Live ones under their URN; those that wait for deletion under a key of their own. */
  readonly #olds = new Map<string, ResourceState>();
  readonly #pending = new Set<PendingOperation>();
  readonly #commit: GroupCommit;

  /** @param save writes a deployment to disk; does nothing in previews. */
  constructor(initial: Deployment, save: (deployment: Deployment) => Promise<void>) {
    for (const [index, state] of initial.resources.entries())
      this.#olds.set(state.delete ? `${state.urn}#${index}` : state.urn, state);
    this.#commit = new GroupCommit(() => save(this.deployment()));
  }

  deployment(): Deployment {
    return { resources: [...this.#news.values(), ...this.#olds.values()], pending: [...this.#pending] };
  }

  /** The state of the last run, while this run has not come to the resource. */
  old(urn: string): ResourceState | undefined {
    const state = this.#olds.get(urn);
    return state?.delete ? undefined : state;
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
    if (current && (current.id === id || id === unknownValue)) return current;
    return [...this.#olds.values()].find((state) => state.urn === urn && state.id === id);
  }

  /** What the run has not come to: leftovers of replacements and what the program no longer has. */
  remaining(): ResourceState[] {
    return [...this.#olds.values()];
  }

  /** Records a finished resource in place of its old state. */
  register(state: ResourceState): void {
    if (this.old(state.urn)) this.#olds.delete(state.urn);
    this.#news.set(state.urn, state);
  }

  /** Records a finished resource; its old state stays until it is deleted. */
  registerReplacement(state: ResourceState): void {
    const old = this.old(state.urn);
    if (old) this.#olds.set(state.urn, { ...old, delete: true });
    this.#news.set(state.urn, state);
  }

  /** Puts another state in the place of an old one, which keeps its place in the order. */
  amend(old: ResourceState, amended: ResourceState): void {
    for (const [key, state] of this.#olds) if (state === old) this.#olds.set(key, amended);
  }

  forget(old: ResourceState): void {
    for (const [key, state] of this.#olds) if (state === old) this.#olds.delete(key);
  }

  /**
   * Takes up an object that an interrupted create left behind. The object that it was to replace, if any, waits
   * for its deletion; a place holder gives way.
   */
  adopt(adopted: ResourceState): void {
    const { urn } = adopted;
    const old = this.old(urn);
    if (old?.pendingReplacement) {
      this.#olds.set(urn, adopted);
      return;
    }
    const entries = [...this.#olds].map(([key, state]): [string, ResourceState] =>
      key === urn ? [`${urn}#replaced`, { ...state, delete: true }] : [key, state],
    );
    this.#olds.clear();
    for (const [key, state] of [...entries, [urn, adopted] as const]) this.#olds.set(key, state);
  }

  /** Gives an old resource a new URN, and changes what refers to it. */
  rename(from: string, to: string): void {
    const entries = [...this.#olds];
    this.#olds.clear();
    for (const [key, state] of entries)
      this.#olds.set(key === from ? to : key, state.delete ? state : renamed(state, from, to));
  }

  /** Records that a provider is about to be asked; on disk when the promise resolves. */
  async begin(operation: PendingOperation): Promise<void> {
    this.#pending.add(operation);
    await this.save();
  }

  /** Forgets an operation whose end is known; the next save records it. */
  end(operation: PendingOperation): void {
    this.#pending.delete(operation);
  }

  save(): Promise<void> {
    return this.#commit.commit();
  }
}

function renamed(state: ResourceState, from: string, to: string): ResourceState {
  const change = (urn: string) => (urn === from ? to : urn);
  const { dependencies, propertyDependencies, parent, provider, deletedWith } = state;
  const touched =
    [state.urn, parent, deletedWith, provider && providerUrn(provider), ...(dependencies ?? [])].includes(from) ||
    Object.values(propertyDependencies ?? {}).some((urns) => urns.includes(from));
  if (!touched) return state;
  return {
    ...state,
    urn: change(state.urn),
    ...(parent && { parent: change(parent) }),
    ...(deletedWith && { deletedWith: change(deletedWith) }),
    ...(provider && {
      provider: `${change(providerUrn(provider))}::${provider.slice(providerUrn(provider).length + 2)}`,
    }),
    ...(dependencies && { dependencies: dependencies.map(change) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(change)]),
      ),
    }),
  };
}
