import { isSecret, type PropertyMap } from "../../lib/protocol/property-value.ts";
import { markSecrets } from "../../lib/protocol/special-values.ts";
import { isProviderType } from "../../lib/protocol/urn.ts";
import type { Made } from "../plugins/resource-provider.ts";
import type { Step } from "../reporting/report.ts";
import { foreignFields, type PendingOperation, type ResourceState } from "../state/resource-state.ts";
import { deleteObject } from "./delete-object.ts";
import type { Goal } from "./goal.ts";
import type { Plan } from "./plan.ts";
import { runChange } from "./run-change.ts";
import type { RunContext } from "./run-context.ts";

/** Does what was decided about one resource. */
export async function applyChange(context: RunContext, goal: Goal, plan: Plan): Promise<ResourceState> {
  const { old, change } = plan;
  if (!old || !change) return create(context, goal, plan);
  if (change.action === "same") return keep(context, plan, old);
  if (change.action === "update") return update(context, goal, plan, old);
  if (change.deleteBeforeReplace) await deleteObject(context, old, { replacing: true });
  return create(context, goal, plan);
}

/** Nothing to do for the provider; options and dependencies may have changed all the same. */
async function keep(context: RunContext, { target }: Plan, old: ResourceState): Promise<ResourceState> {
  const { created, modified, outputs, id } = old;
  const kept = {
    ...foreignFields(old),
    ...target,
    ...(id && { id }),
    outputs: secretOutputs(target, outputs),
    ...(created && { created }),
    ...(modified && { modified }),
  };
  const step: Step = { urn: target.urn, type: target.type, operation: "same", old, new: kept, changes: [] };
  context.report.started(step);
  if (isProviderType(target.type)) await context.providers.configure(target.urn, id ?? "", old.inputs);
  context.state.register(kept);
  context.report.finished(step, 0);
  return kept;
}

async function create(context: RunContext, goal: Goal, plan: Plan): Promise<ResourceState> {
  const { provider, target, change } = plan;
  const operation = change ? "replace" : "create";
  const { urn, type, inputs } = target;
  const changes = change?.changes ?? [];
  // What a delete-before-replace has left is only a place holder by now.
  const old = context.state.old(urn);
  const step: Step = { urn, type, operation, old: plan.old, new: target, changes };
  return runChange(context, step, pending({ ...target, created: context.now() }, "creating"), async () => {
    const timeout = goal.customTimeouts.create ?? 0;
    const made = await provider.create({ urn, inputs, preview: context.preview, timeout });
    const created = finished(context, target, made);
    if (old && !old.pendingReplacement) context.state.registerReplacement(created);
    else context.state.register(created);
    step.new = created;
    failWhereUnfinished(made);
    return created;
  });
}

async function update(context: RunContext, goal: Goal, plan: Plan, old: ResourceState): Promise<ResourceState> {
  const { provider, target, change } = plan;
  const { urn, type } = target;
  const step: Step = { urn, type, operation: "update", old, new: target, changes: change?.changes ?? [] };
  return runChange(context, step, pending({ ...target, id: old.id ?? "" }, "updating"), async () => {
    const made = await provider.update({
      urn,
      id: old.id ?? "",
      oldInputs: old.inputs,
      oldOutputs: old.outputs,
      newInputs: target.inputs,
      ignoreChanges: goal.ignoreChanges,
      preview: context.preview,
      timeout: goal.customTimeouts.update ?? 0,
    });
    const updated = {
      ...finished(context, target, made),
      ...(old.created && { created: old.created }),
      // What did not come to its end is wanted again.
      ...(made.initErrors.length > 0 && { inputs: old.inputs }),
    };
    context.state.register(updated);
    step.new = updated;
    failWhereUnfinished(made);
    return updated;
  });
}

/** Components and providers are the engine's own: there is nothing to look for after a crash. */
function pending(resource: ResourceState, type: PendingOperation["type"]): PendingOperation | undefined {
  return !resource.custom || isProviderType(resource.type) ? undefined : { resource, type };
}

function finished(context: RunContext, target: ResourceState, made: Made): ResourceState {
  const outputs = secretOutputs(target, made.outputs);
  return {
    ...target,
    ...(made.id && { id: made.id }),
    outputs,
    ...(made.initErrors.length > 0 && { initErrors: made.initErrors }),
    created: context.now(),
    modified: context.now(),
  };
}

/** The object is there and recorded, but what needs it must not go on. */
function failWhereUnfinished({ initErrors }: Made): void {
  if (initErrors.length > 0) throw new Error(`it was made but is not right: ${initErrors.join("; ")}`);
}

/** What was secret on the way in is so on the way out. */
function secretOutputs({ inputs, additionalSecretOutputs = [] }: ResourceState, outputs: PropertyMap): PropertyMap {
  const secret = Object.keys(inputs).filter((key) => isSecret(inputs[key]));
  return markSecrets(outputs, [...additionalSecretOutputs, ...secret]);
}
