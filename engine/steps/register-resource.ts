import { randomBytes } from "node:crypto";
import type { ResourceProvider } from "../plugins/resource-provider.ts";
import type { PropertyMap } from "../protocol/property-value.ts";
import { plainMap, sameValue } from "../protocol/property-value.ts";
import { isProviderType } from "../protocol/urn.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { foreignFields } from "../state/resource-state.ts";
import { applyChange } from "./apply-change.ts";
import type { Goal } from "./goal.ts";
import { newState } from "./new-state.ts";
import type { Change } from "./plan-change.ts";
import { planChange } from "./plan-change.ts";
import { copyAt, parsePath } from "./property-path.ts";
import { ProviderResources } from "./provider-resources.ts";
import { replaceDependents } from "./replace-dependents.ts";
import type { Step } from "./report.ts";
import type { RunContext } from "./run-context.ts";
import { Reported } from "./run-context.ts";

/**
 * Makes one resource what the program wants: checks its inputs, finds out what that means for what there is, and
 * does it.
 * @param urn of the resource; whatever had an alias of it has been renamed.
 * @param provider reference of the provider; undefined for components and provider resources.
 * @returns the state after the step.
 * @throws {Reported} where a step failed.
 */
export async function registerResource(
  context: RunContext,
  urn: string,
  goal: Goal,
  provider: string | undefined,
): Promise<ResourceState> {
  const target = newState(urn, goal, provider);
  if (!goal.custom) {
    await keepPolicies(context, goal, target);
    return registerComponent(context, target);
  }
  const plan = await context.questions.run(() => context.planning.read(() => decide(context, goal, target)));
  await keepPolicies(context, goal, plan.target);
  if (plan.change?.action !== "replace" || !plan.change.deleteBeforeReplace) return applyChange(context, goal, plan);
  // What depends on the resource goes first, and nobody else decides anything meanwhile.
  await context.planning.write(() => replaceDependents(context, urn));
  return applyChange(context, goal, plan);
}

/** A decision about one resource. */
export interface Plan {
  provider: ResourceProvider;
  old: ResourceState | undefined;
  target: ResourceState;
  /** Absent: there is nothing yet. */
  change: Change | undefined;
}

async function decide(context: RunContext, goal: Goal, target: ResourceState): Promise<Plan> {
  const { urn } = target;
  const fail = (message: string, inputs = target.inputs): never => {
    const step: Step = {
      urn,
      type: goal.type,
      operation: old ? "update" : "create",
      new: { ...target, inputs },
      changes: [],
    };
    context.report.failed(step, message);
    throw new Reported(message);
  };
  const recorded = context.state.old(urn);
  const old = recorded?.external || recorded?.custom === false ? undefined : recorded;
  context.decided.add(urn);
  try {
    const provider = await resourceProvider(context, target);
    const wanted = ignoreChanges(goal, old);
    const check = async (oldInputs: PropertyMap, newInputs: PropertyMap) => {
      const checked = await provider.check({ urn, oldInputs, newInputs, randomSeed: randomBytes(32) });
      if (checked.failures.length === 0) return checked.inputs;
      const lines = checked.failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
      return fail(lines.join("\n"), newInputs);
    };
    const inputs = await check(old?.inputs ?? {}, wanted);
    if (!old) return { provider, old: recorded, target: { ...target, inputs }, change: undefined };
    const change = await planChange(provider, {
      old,
      newInputs: inputs,
      providerReplaces: await context.providers.changeReplaces(old.provider, target.provider),
      ignoreChanges: goal.ignoreChanges,
      replaceOnChanges: goal.replaceOnChanges,
    });
    if (change.action !== "replace") return { provider, old, target: { ...target, inputs }, change };
    if (old.protect && goal.protect && !old.pendingReplacement)
      fail("it is protected and would have to be replaced. Take the protect option away first, or undo the change.");
    // Names and other defaults are made anew: they must not collide with those of the object that is there.
    const fresh = { ...target, inputs: await check({}, wanted) };
    const deleteBeforeReplace = goal.deleteBeforeReplace ?? change.deleteBeforeReplace;
    return { provider, old, target: fresh, change: { ...change, deleteBeforeReplace } };
  } catch (error) {
    if (error instanceof Reported) throw error;
    return fail((error as Error).message);
  }
}

/** @throws {Reported} where the resource must not be made as it is. */
async function keepPolicies(context: RunContext, goal: Goal, target: ResourceState): Promise<void> {
  const { policies, state, report } = context;
  if (!policies) return;
  const { urn, type, inputs, provider } = target;
  const refusal = await policies.refusal({
    urn,
    state: target,
    properties: inputs,
    deleteBeforeReplace: goal.deleteBeforeReplace,
    provider: provider ? state.provider(provider) : undefined,
  });
  if (refusal === undefined) return;
  report.failed({ urn, type, operation: state.old(urn) ? "update" : "create", new: target, changes: [] }, refusal);
  throw new Reported(refusal);
}

/** Whoever manages a resource. */
export async function resourceProvider(context: RunContext, state: ResourceState): Promise<ResourceProvider> {
  if (isProviderType(state.type)) return new ProviderResources(context.providers);
  if (!state.provider) throw new Error(`"${state.urn}" names no provider in the state.`);
  return context.providers.client(state.provider);
}

/** The inputs that the program gave, with the old values where changes are to be ignored. */
function ignoreChanges(goal: Goal, old: ResourceState | undefined): PropertyMap {
  if (!old) return goal.inputs;
  return goal.ignoreChanges.reduce(
    (inputs, path) => copyAt(old.inputs, inputs, parsePath(path)) as PropertyMap,
    goal.inputs,
  );
}

/** Components have no provider: they are recorded as they are. */
function registerComponent(context: RunContext, target: ResourceState): ResourceState {
  const { state, report, now } = context;
  const old = state.old(target.urn);
  const { urn, type } = target;
  if (!old) {
    const created = { ...target, created: now(), modified: now() };
    const step: Step = { urn, type, operation: "create", new: created, changes: [] };
    report.started(step);
    state.register(created);
    report.finished(step, 0);
    return created;
  }
  const same = sameValue(plainMap(old.inputs), plainMap(target.inputs));
  const kept = {
    ...foreignFields(old),
    ...target,
    outputs: old.outputs,
    ...timestamps(old),
    ...(!same && { modified: now() }),
  };
  state.register(kept);
  const step: Step = { urn, type, operation: same ? "same" : "update", old, new: kept, changes: [] };
  report.started(step);
  report.finished(step, 0);
  return kept;
}

function timestamps({ created, modified }: ResourceState) {
  return { ...(created && { created }), ...(modified && { modified }) };
}
