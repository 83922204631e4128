import type { Display } from "../display/display.ts";
import type { PluginLimits } from "../plugins/plugin-host.ts";
import type { PolicyPackOption } from "../policy/policies.ts";
import type { Result } from "../reporting/result.ts";
import type { StackOptions } from "../stack/open-stack.ts";

/** `preview` shows what `up` would do; `destroy` and `refresh` can be previewed with `preview: true`. */

export type OperationKind = "preview" | "up" | "refresh" | "destroy";

export interface OperationOptions extends StackOptions {
  kind: OperationKind;
  preview?: boolean;
  /** Before the change: a preview that can find wrong what would else be found half-way. */
  previewFirst?: PreviewFirst;
  display: Display;
  /** Aborted: running steps finish, no other begins, the state is saved, and the exit code is 130. */
  signal?: AbortSignal;
  /** A run that changes something, or would, fails. */
  expectNoChanges?: boolean;
  /** For `preview` and `up`: compare with what is really there instead of with the state. */
  refresh?: boolean;
  /** Packs of policies that `up` and `preview` keep to. A mandatory violation fails the run. */
  policyPacks?: PolicyPackOption[];
  /** How many changes may run at a time; 16 by default. */
  parallel?: number;
  /** How long plugins may take. */
  limits?: Partial<PluginLimits>;
}

export interface PreviewFirst {
  /** Shows the preview. */
  display: Display;
  /** Whether to go on, where the preview found changes. */
  confirm?(preview: Result): Promise<boolean>;
  /**
   * Where the state would be the same after the change, to the last output, there is none. What the program itself does beside its
   * resources when it is no preview (`pulumi.runtime.isDryRun()`) is not done then.
   */
  endIfUnchanged?: boolean;
}
