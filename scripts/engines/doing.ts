import type { OperationKind } from "../../engine/operation/operation-options.ts";

/** What a run is doing before its first step, for the progress. */
export const doing: Record<OperationKind, string> = {
  preview: "Looking at what would change",
  up: "Looking at what would change",
  refresh: "Looking at what is there",
  destroy: "Removing the stack",
};
