import type { z } from "zod";
import type { RequestContext } from "./lifecycle.ts";

/**
 * What one of the kit's own resource types is, over plain typed values. `defineResource` turns it into a
 * lifecycle that an engine can drive: secrets, unknowns, comparisons and error texts are dealt with there.
 */
export interface ResourceDefinition<Inputs extends object, Outputs extends object> {
  /** `registry-kit:<room>:<Type>`. */
  type: string;
  /** Validates inputs and fills in defaults. Messages are shown to users: name what is allowed, never a secret. */
  inputs: z.ZodObject & z.ZodType<Inputs>;
  outputs: z.ZodObject & z.ZodType<Outputs>;
  /** Outputs that are secret whatever the inputs were. Outputs that repeat a secret input are secret anyway. */
  secretOutputs: readonly (keyof Outputs & string)[];
  /** Inputs whose change makes a new resource; all others update in place. */
  replaceOn?: readonly (keyof Inputs & string)[];
  /** Inputs whose change alone is no change of the resource: what only its checks look at. */
  untracked?: readonly (keyof Inputs & string)[];
  /**
   * Inputs that a new resource gets where the program gives none. A resource that exists keeps what it has of them, also that
   * it has none: so a default for new resources changes no old one. @param news what the program gives
   */
  initial?(news: Partial<Inputs>, context: RequestContext): Partial<Inputs>;
  /** Outputs of a new resource that its preview knows already. */
  knownOutputs?: Partial<Outputs>;
  /** Outputs that no update changes, so that its preview knows them. */
  stableOutputs?: readonly (keyof Outputs & string)[];
  /** The old resource goes before the new one is made: for things that own a name. */
  deleteBeforeReplace?: boolean;
  /** Checks beyond one property; runs at preview, only when every input is known. */
  validate?(inputs: Inputs, context: ResourceContext): Problems | Promise<Problems>;
  /**
   * Checks that don't have to wait until every input is known: at a first preview the outputs of other resources
   * are not, and are left out here. `old`: the inputs of the last run; undefined for a new resource.
   */
  validateKnown?(
    inputs: Partial<Inputs>,
    old: Partial<Inputs> | undefined,
    context: ResourceContext,
  ): Problems | Promise<Problems>;
  /** Reasons other than changed inputs why the resource needs an update now; each is shown at preview. */
  due?(
    state: ResourceState<Inputs, Outputs>,
    news: Inputs,
    context: ResourceContext,
  ): Due<Outputs>[] | Promise<Due<Outputs>[]>;
  /**
   * Throws `IncompleteResource` where it did a part; any other error means that nothing was made. Also runs as an update
   * of a resource whose recorded values no longer fit the schemas.
   */
  create(inputs: Inputs, context: ResourceContext): Promise<{ id: string; outputs: Outputs }>;
  /** Throws `IncompleteResource` where it did a part; any other error means that nothing was changed. */
  update(state: ResourceState<Inputs, Outputs>, news: Inputs, context: ResourceContext): Promise<Outputs>;
  /** An update leaves all outputs as they are, so that a preview knows them. Default: false. */
  keepsOutputs?: boolean;
  /**
   * What an earlier create made that was killed before it could be recorded; undefined: nothing. The built-in engine asks, and the kit itself after a killed CLI.
   * A definition with `delete` needs it: else a teardown leaves what was begun. Default: repeating the create does no harm. @param since when that create began, 1970 where that
   * is not known; what is older was not made by it
   */
  find?(inputs: Inputs, since: Date, context: ResourceContext): Promise<{ id: string; outputs: Outputs } | undefined>;
  /** The live outputs, or undefined where the resource is gone. Default: nothing outside the state to look at. */
  read?(state: ResourceState<Inputs, Outputs>, context: ResourceContext): Promise<Outputs | undefined>;
  /** Default: nothing outside the state to remove. */
  delete?(state: ResourceState<Inputs, Outputs>, context: ResourceContext): Promise<void>;
}

export type Problems = { property: string; reason: string }[];

export interface Due<Outputs> {
  property: keyof Outputs & string;
  /** One sentence, shown beside the resource: `expires on 2026-12-01, inside the renewal window of 30 days`. */
  reason: string;
}

export interface ResourceState<Inputs, Outputs> {
  id: string;
  inputs: Inputs;
  outputs: Outputs;
}

export interface ResourceContext extends RequestContext {
  now(): Date;
}
