import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import type { ResourceState, Timeouts } from "../state/resource-state.ts";

/** What a program wants one resource to be: a registration as data. */
export interface Goal {
  type: string;
  name: string;
  /** False for components. */
  custom: boolean;
  inputs: PropertyMap;
  /** URN; absent for the stack and for default providers. */
  parent?: string;
  protect?: boolean;
  dependencies: string[];
  /** `<urn>::<id>`; absent: the package's default provider. */
  provider?: string;
  propertyDependencies: Record<string, string[]>;
  /** Absent: the provider decides. */
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  /** Paths whose changes are not shown. */
  hideDiff: string[];
  aliases: Alias[];
  additionalSecretOutputs: string[];
  customTimeouts: Timeouts;
  retainOnDelete?: boolean;
  deletedWith?: string;
  /** Of the package, as the program's SDK for it says; `""`: any. */
  version: string;
  pluginDownloadUrl: string;
}

/** Another identity that a resource may have had: a whole URN, or what was different. */
export type Alias =
  | { urn: string }
  | { name?: string; type?: string; stack?: string; project?: string; parent?: string; noParent?: boolean };

/** A goal that asks for nothing but a resource of this type and name. */
export function bareGoal(type: string, name: string, inputs: PropertyMap): Goal {
  return {
    type,
    name,
    custom: true,
    inputs,
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    hideDiff: [],
    aliases: [],
    additionalSecretOutputs: [],
    customTimeouts: {},
    version: "",
    pluginDownloadUrl: "",
  };
}

/** What the state will record of a resource, before its provider was asked; without id, outputs and dates. */
export function newState(urn: string, goal: Goal, provider: string | undefined): ResourceState {
  const { name, aliases, deleteBeforeReplace, version, pluginDownloadUrl, provider: _, ...recorded } = goal;
  return { urn, ...recorded, outputs: {}, ...(provider && { provider }) };
}
