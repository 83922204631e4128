import type { CheckFailure } from "../protocol/lifecycle.ts";
import type { PropertyMap } from "../protocol/property-value.ts";
import type { PartialObject } from "./provider-connection.ts";

/** What steps need of whoever manages a resource: a plugin, or the engine itself for provider resources. */
export interface ResourceProvider {
  check(request: CheckCall): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(request: DiffCall): Promise<ProviderDiff>;
  create(request: CreateCall): Promise<Made>;
  update(request: UpdateCall): Promise<Made>;
  /** The live state; undefined where the resource is gone. */
  read(request: ReadCall): Promise<Live | undefined>;
  /** The object that an interrupted create with these inputs left behind. */
  find(request: FindCall): Promise<Found>;
  delete(request: DeleteCall): Promise<void>;
}

export interface CheckCall {
  urn: string;
  oldInputs: PropertyMap;
  newInputs: PropertyMap;
  randomSeed: Uint8Array;
}
export interface DiffCall {
  urn: string;
  id: string;
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  newInputs: PropertyMap;
  ignoreChanges: string[];
}
export interface CreateCall {
  urn: string;
  inputs: PropertyMap;
  preview: boolean;
  /** Seconds; 0: the provider's default. */
  timeout: number;
}
export interface UpdateCall extends DiffCall {
  preview: boolean;
  timeout: number;
}
export interface ReadCall {
  urn: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}
export interface FindCall {
  urn: string;
  inputs: PropertyMap;
  /** When the interrupted create began, ISO 8601; undefined where it was not written down. */
  since: string | undefined;
}

export interface DeleteCall extends ReadCall {
  timeout: number;
}

/** The result of a create or update. */
export interface Made {
  /** Empty in previews. */
  id: string;
  outputs: PropertyMap;
  /** Why the object, though it exists, is not what it should be. */
  initErrors: string[];
}

export interface Live {
  id: string;
  /** Absent where the provider tells outputs only. */
  inputs?: PropertyMap;
  outputs: PropertyMap;
  initErrors: string[];
}

/** `unsupported`: the provider cannot tell. */
export type Found = { kind: "found"; object: PartialObject } | { kind: "none" } | { kind: "unsupported" };

/** What a provider says about a change. */
export interface ProviderDiff {
  /** `unknown`: the provider leaves it to the engine to compare inputs. */
  changes: "none" | "some" | "unknown";
  /** Top-level properties that force a replacement. */
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** The changed properties by path; empty where the provider does not tell. */
  detailed: DetailedChange[];
  /** Changed top-level properties; empty where the provider does not tell. */
  diffs: string[];
}

export interface DetailedChange {
  path: string;
  kind: "add" | "delete" | "update";
  replaces: boolean;
  /** It is between old and new inputs; else between what is there and the new inputs. */
  inputDiff: boolean;
}
