import { sameValue } from "../../lib/protocol/property-value.ts";
import type { ResourceProvider } from "../plugins/resource-provider.ts";

/** Components have no provider: they are recorded as they are, and there is nothing behind them. */
export const componentResources: ResourceProvider = {
  check: async ({ newInputs }) => ({ inputs: newInputs, failures: [] }),
  diff: async ({ oldInputs, newInputs }) => ({
    changes: sameValue(oldInputs, newInputs) ? "none" : "some",
    replaces: [],
    deleteBeforeReplace: false,
    detailed: [],
    diffs: [],
  }),
  create: async () => ({ id: "", outputs: {}, initErrors: [] }),
  update: async () => ({ id: "", outputs: {}, initErrors: [] }),
  read: async ({ id, inputs, outputs }) => ({ id, inputs, outputs, initErrors: [] }),
  find: async () => ({ kind: "none" }),
  delete: async () => {},
};
