import type { PropertyMap } from "../../lib/protocol/property-value.ts";

/**
 * One resource as the state records it; the fields are those of Pulumi's checkpoint (`ResourceV3` of
 * apitype/core.go). States are never changed in place: a step makes a new one.
 */
export interface ResourceState {
  urn: string;
  /** False for components, which have no provider and no id. */
  custom: boolean;
  /** Replaced already, but not deleted yet. */
  delete?: boolean;
  id?: string;
  type: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  protect?: boolean;
  /** To be replaced by the next run (`pulumi state taint`). */
  taint?: boolean;
  /** Only read, never made, by this stack. */
  external?: boolean;
  dependencies?: string[];
  /** Why the last create or update did not finish; forces an update. */
  initErrors?: string[];
  /** `<urn>::<id>` of the provider. */
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  /** Deleted by a delete-before-replace whose create has not happened yet. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  /** Seconds. */
  customTimeouts?: Timeouts;
  retainOnDelete?: boolean;
  deletedWith?: string;
  created?: string;
  modified?: string;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  hideDiff?: string[];
}

/** How long an operation may take, in seconds; absent or 0 means the provider's default. */
export interface Timeouts {
  create?: number;
  update?: number;
  delete?: number;
  read?: number;
}

/** An operation that a provider was asked for and whose end is not known yet. */
export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading";
}

/** The fields of `ResourceV3` in the order of Pulumi's own writer, so that both engines' files can be compared. */
export const resourceFields = (
  "urn custom delete id type inputs outputs parent protect taint external dependencies initErrors provider " +
  "propertyDependencies pendingReplacement additionalSecretOutputs aliases customTimeouts importID retainOnDelete " +
  "deletedWith replaceWith created modified sourcePosition stackTrace ignoreChanges hideDiff replaceOnChanges " +
  "replacementTrigger refreshBeforeUpdate viewOf resourceHooks extensionRef snippetID"
).split(" ");

const foreignNames = [
  ...["aliases", "sourcePosition", "stackTrace", "replaceWith", "replacementTrigger", "refreshBeforeUpdate", "viewOf"],
  ...["resourceHooks", "extensionRef", "snippetID"],
];

/** The state with its fields in Pulumi's order and the empty ones left out; unknown fields come last. */
export function orderedFields(state: ResourceState): Record<string, unknown> {
  const fields = state as unknown as Record<string, unknown>;
  const names = [...resourceFields, ...Object.keys(fields).filter((name) => !resourceFields.includes(name))];
  return Object.fromEntries(
    names.filter((name) => name === "custom" || !isEmpty(fields[name])).map((name) => [name, fields[name]]),
  );
}

/** Fields that this engine does not work with; a resource that stays as it is keeps them. */
export function foreignFields(state: ResourceState): Partial<ResourceState> {
  const isForeign = (name: string) => foreignNames.includes(name) || !resourceFields.includes(name);
  return Object.fromEntries(Object.entries(state).filter(([name]) => isForeign(name)));
}

/** The state with its dependencies in alphabetical order: programs name them in any. */
export function sortedDependencies(state: ResourceState): ResourceState {
  const { dependencies, propertyDependencies } = state;
  const properties = Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [key, urns.toSorted()] as const);
  return {
    ...state,
    ...(dependencies && { dependencies: dependencies.toSorted() }),
    ...(propertyDependencies && { propertyDependencies: Object.fromEntries(properties.toSorted()) }),
  };
}

/** The resource with other URNs in the place of those it refers to; undefined: it refers to that one no more. */
export function withReferences(state: ResourceState, change: (urn: string) => string | undefined): ResourceState {
  const { parent: oldParent, deletedWith: oldDeletedWith, ...rest } = state;
  const changeAll = (urns: string[]) => urns.map(change).filter((urn) => urn !== undefined);
  const parent = oldParent && change(oldParent);
  const deletedWith = oldDeletedWith && change(oldDeletedWith);
  const provider = state.provider && change(providerUrn(state.provider));
  const properties = Object.entries(state.propertyDependencies ?? {});
  return {
    ...rest,
    ...(parent && { parent }),
    ...(deletedWith && { deletedWith }),
    ...(provider && { provider: `${provider}${state.provider?.slice(state.provider.lastIndexOf("::"))}` }),
    dependencies: changeAll(state.dependencies ?? []),
    propertyDependencies: Object.fromEntries(properties.map(([key, urns]) => [key, changeAll(urns)])),
  };
}

/** Every URN that must stand before this resource in the state. */
export function referencedUrns(state: ResourceState): string[] {
  const urns = [...(state.dependencies ?? []), ...Object.values(state.propertyDependencies ?? {}).flat()];
  if (state.parent) urns.push(state.parent);
  if (state.deletedWith) urns.push(state.deletedWith);
  if (state.provider) urns.push(providerUrn(state.provider));
  return urns;
}

/** The URN in a provider reference `<urn>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
