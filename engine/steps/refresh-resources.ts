import { type PropertyMap, sameValue } from "../../lib/protocol/property-value.ts";
import { markSecrets } from "../../lib/protocol/special-values.ts";
import { isProviderType } from "../../lib/protocol/urn.ts";
import type { DetailedChange, ResourceProvider } from "../plugins/resource-provider.ts";
import type { Step } from "../reporting/report.ts";
import { type ResourceState, referencedUrns, withReferences } from "../state/resource-state.ts";
import { compareProperties } from "./compare-properties.ts";
import { planChange } from "./plan-change.ts";
import { providerOf } from "./provider-of.ts";
import { runChange } from "./run-change.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Brings the state in line with what is really there: every object is read, changed outputs and inputs are
 * recorded, and what is gone is taken out. Nothing real is changed.
 */
export async function refreshResources(context: RunContext): Promise<void> {
  const reads = context.state.remaining().map((state) => refreshResource(context, state));
  await Promise.allSettled(reads); // failures have been reported
  dropDangling(context);
}

async function refreshResource(context: RunContext, old: ResourceState): Promise<void> {
  const { urn, type } = old;
  const step: Step = { urn, type, operation: "same", old, new: old, changes: [] };
  await runChange(context, step, undefined, async () => {
    if (!old.custom || isProviderType(type) || old.pendingReplacement) return;
    const provider = await providerOf(context, old);
    const live = await provider.read({ urn, id: old.id ?? "", inputs: old.inputs, outputs: old.outputs });
    if (!live) {
      step.operation = "delete";
      delete step.new;
      context.state.forget(old);
      return;
    }
    const outputs: PropertyMap = markSecrets(live.outputs, old.additionalSecretOutputs ?? []);
    const inputs = live.inputs ?? old.inputs;
    const { initErrors: _, ...rest } = old;
    const unfinished = live.initErrors.length > 0 && { initErrors: live.initErrors };
    const unchanged = sameValue(outputs, old.outputs) && sameValue(inputs, old.inputs) && live.id === old.id;
    if (unchanged && !unfinished && !old.initErrors) return;
    if (unfinished) context.report.message("warning", `it is there but not right: ${live.initErrors.join("; ")}`, urn);
    const refreshed: ResourceState = { ...rest, id: live.id, inputs, outputs, ...unfinished, modified: context.now() };
    context.state.amend(old, refreshed);
    step.new = refreshed;
    step.changes = old.external ? compareProperties(old.outputs, outputs) : await drift(provider, old, refreshed);
    step.operation = step.changes.length > 0 ? "update" : "same";
  });
}

/** What has changed in the eyes of the provider: the opposite of what an `up` of the same program would change. */
async function drift(provider: ResourceProvider, old: ResourceState, live: ResourceState): Promise<DetailedChange[]> {
  const undone = await planChange(provider, {
    old: { ...live, initErrors: [] },
    newInputs: old.inputs,
    ignoreChanges: old.ignoreChanges ?? [],
    replaceOnChanges: [],
  });
  const opposite = { add: "delete", delete: "add", update: "update" } as const;
  return undone.changes.map((change) => ({ ...change, kind: opposite[change.kind], replaces: false }));
}

/** What is gone is no dependency any more: a state that still named it would be refused. */
function dropDangling({ state }: RunContext): void {
  const present = new Set(state.remaining().map((resource) => resource.urn));
  const ifPresent = (urn: string) => (present.has(urn) ? urn : undefined);
  for (const old of state.remaining())
    if (!referencedUrns(old).every(ifPresent)) state.amend(old, withReferences(old, ifPresent));
}
