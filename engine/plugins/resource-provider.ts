import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import type { Change, CheckResult, Lifecycle } from "../../lib/provider/lifecycle.ts";
import type { PartialObject } from "./provider-connection.ts";

/** What steps need of the manager of a resource: a plugin, or the engine itself for provider resources. */
export interface ResourceProvider {
  check(request: CheckCall): Promise<CheckResult>;
  diff(request: DiffCall): Promise<ProviderDiff>;
  create(request: CreateCall): Promise<Made>;
  update(request: UpdateCall): Promise<Made>;
  /** The live state; undefined where the resource is gone. */
  read(request: ReadCall): Promise<Live | undefined>;
  /** The object that an interrupted create with these inputs left behind. */
  find(request: FindCall): Promise<Found>;
  delete(request: DeleteCall): Promise<void>;
}

/** What a provider is asked: what its lifecycle gets, but for the log, which is between plugin and engine. */
type Call<Method extends keyof Lifecycle> = Omit<Parameters<NonNullable<Lifecycle[Method]>>[0], "log">;
export type CheckCall = Call<"check">;
export type DiffCall = Call<"diff">;
export type CreateCall = Call<"create">;
export type UpdateCall = Call<"update">;
export type ReadCall = Call<"read">;
export type DeleteCall = Call<"delete">;
export interface FindCall extends Omit<Call<"find">, "since"> {
  /** ISO 8601; undefined where it was not written down. */
  since: string | undefined;
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

/** As a plugin tells it, and as the engine finds it where it compares by itself. */
export type DetailedChange = Required<Change>;
