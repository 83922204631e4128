import type { PropertyMap } from "../protocol/property-value.ts";

/** What a provider does for one resource type. Property maps keep their secret wrappers and unknowns. */
export interface Lifecycle {
  /** Checks inputs and fills in defaults. Runs at preview and at up; inputs may be unknown. */
  check(request: CheckRequest): Promise<CheckResult>;
  /** Says what a change of inputs would do. Runs at preview and at up; touches nothing. */
  diff(request: DiffRequest): Promise<Difference>;
  create(request: CreateRequest): Promise<{ id: string; outputs: PropertyMap }>;
  update(request: UpdateRequest): Promise<PropertyMap>;
  /** The live state, or undefined where the resource is gone. */
  read(request: ReadRequest): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap } | undefined>;
  /** Deletes the resource; one that is gone already counts as deleted. */
  delete(request: DeleteRequest): Promise<void>;
  /**
   * Looks for the object that a create with these inputs would have made, by its name or a label. The built-in engine asks after a
   * crash, when it knows that a create began but not how it ended, and records what is found as if create had returned it; what
   * a {@link PartialFailure} tells of, the next run updates. Undefined: there is none, or it belongs to something else.
   * Removes at most what that create left half-made and nobody has used.
   */
  find?(request: FindRequest): Promise<{ id: string; outputs: PropertyMap } | undefined>;
}

/** What every request carries. */
export interface RequestContext {
  urn: string;
  /** Writes a line that the engine shows beside the resource. */
  log(severity: Severity, message: string): void;
}

export type Severity = "debug" | "info" | "warning" | "error";

export interface CheckRequest extends RequestContext {
  /** Inputs of the last successful run; empty for a new resource. */
  oldInputs: PropertyMap;
  newInputs: PropertyMap;
  /** Seed for names that must be the same at preview and up. */
  randomSeed: Uint8Array;
}

export interface CheckResult {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

/** One reason why inputs are refused. `reason` is shown to the user: never put a secret in it. */
export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffRequest extends RequestContext {
  id: string;
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  newInputs: PropertyMap;
  ignoreChanges: string[];
}

export interface Difference {
  action: "none" | "update" | "replace";
  /** The properties that differ, as preview shows them. */
  changes: Change[];
  /** Only for "replace": the old resource must go before the new one can be made. */
  deleteBeforeReplace?: boolean;
}

export interface Change {
  /** Path of the property, for example `hosts` or `healthcheck.interval`. */
  path: string;
  kind: "add" | "update" | "delete";
  /** This change alone forces a replacement. */
  replaces?: boolean;
  /** Compares inputs with inputs; false: an output (say, a date that has come too near) asks for the update. */
  inputDiff: boolean;
}

export interface CreateRequest extends RequestContext {
  inputs: PropertyMap;
  /** Nothing may be made: the answer is what the outputs would be, `unknownValue` where that can't be said. */
  preview: boolean;
  /** Seconds; 0 means no limit was set. */
  timeout: number;
}

export interface UpdateRequest extends DiffRequest {
  preview: boolean;
  timeout: number;
}

export interface ReadRequest extends RequestContext {
  id: string;
  /** Inputs of the last run; empty when the resource is being imported. */
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface DeleteRequest extends ReadRequest {
  timeout: number;
}

export interface FindRequest extends RequestContext {
  /** The inputs that the interrupted create was given. */
  inputs: PropertyMap;
  /** When the engine wrote down that it was about to begin; what is older was not made by it. 1970 where it is not known. */
  since: Date;
}

/**
 * The resource exists but is not what it should be: it is recorded in the state, and the next run repairs it.
 * Throw it from create, update or find; any other error from create means that nothing was made.
 */
export class PartialFailure extends Error {
  override name = "PartialFailure";
  readonly id: string;
  readonly outputs: PropertyMap;
  constructor(message: string, id: string, outputs: PropertyMap) {
    super(message);
    this.id = id;
    this.outputs = outputs;
  }
}
