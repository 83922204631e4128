import type { ComponentResourceOptions, CustomResourceOptions, Inputs } from "@pulumi/pulumi";
import type { Kinds } from "./kinds.ts";
import type { World } from "./world.ts";

/** A small Pulumi program, and what is done with it. */
export interface Program {
  /** Unique in the corpus. */
  name: string;
  /** The program itself. Each run gives it another `v`. */
  body(v: string, kinds: Kinds): unknown;
  runs: Run[];
  /** The provider is called in one order only: the order is compared, too. */
  ordered?: boolean;
  /** Further lines of Pulumi.yaml. */
  project?: string;
  /** The content of Pulumi.dev.yaml. */
  stackFile?: string;
}

export interface Run {
  do: "up" | "preview" | "refresh" | "destroy";
  /** Given to the program. */
  v: string;
  /** `up` and `preview` with `--refresh`. */
  refresh?: boolean;
  /** What the provider fails at in this run: `create NAME`, `update NAME`, `delete NAME`, `read NAME`, `check NAME`, `diff NAME`. */
  failing?: string[];
  /** What the provider does only in part: `create NAME`, `update NAME`. */
  partial?: string[];
  /** Changes objects behind the engine's back, before the run. */
  world?(world: World): void;
  /** Changes the state file before the run, as `pulumi state` does. */
  edit?(resources: StateResource[]): void;
  /** Other settings of the stack, from this run on. */
  stackFile?: string;
  /** The built-in engine does not have the feature: its message names it, and nothing is touched. The CLI's result is not compared. */
  refused?: RegExp;
}

/** A resource as a state file has it. */
export type StateResource = { urn: string; type: string; outputs?: Record<string, unknown> } & Record<string, unknown>;

/** What one run did. */
export interface Outcome {
  /** Whether the engine ended with exit code 0. */
  ok: boolean;
  /** `operation name`, without what stays the same; sorted. */
  steps: string[];
  /** Calls of the provider that may change something, and reads. */
  calls: string[];
  /** The state without ids and times of the engine's own; sorted by URN. */
  state: Record<string, unknown>[];
}

/** What a program did on the CLI. */
export interface Recording {
  /** Of the Pulumi CLI. */
  version: string;
  runs: Outcome[];
}

export type ResourceArguments = [name: string, inputs?: Inputs, options?: CustomResourceOptions];
export type ComponentArguments = [name: string, inputs?: Inputs, options?: ComponentResourceOptions, type?: string];

type More = Omit<Partial<Run>, "do" | "v">;

export const up = (v = "1", more: More = {}): Run => ({ do: "up", v, ...more });
export const preview = (v = "1", more: More = {}): Run => ({ do: "preview", v, ...more });
export const refresh = (v = "1", more: More = {}): Run => ({ do: "refresh", v, ...more });
export const destroy = (v = "1", more: More = {}): Run => ({ do: "destroy", v, ...more });
