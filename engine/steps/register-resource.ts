import { randomBytes } from "node:crypto";
import { withoutIgnored } from "../../lib/protocol/property-path.ts";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { applyChange } from "./apply-change.ts";
import { type Goal, newState } from "./goal.ts";
import type { Plan } from "./plan.ts";
import { type Change, planChange, replacement } from "./plan-change.ts";
import { providerOf } from "./provider-of.ts";
import { replaceDependents } from "./replace-dependents.ts";
import { Reported, type RunContext } from "./run-context.ts";

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
  const plan = await context.questions.run(() => context.planning.read(() => decide(context, goal, target)));
  await keepPolicies(context, goal, plan.target);
  if (plan.change?.action !== "replace" || !plan.change.deleteBeforeReplace) return applyChange(context, goal, plan);
  // What depends on the resource goes first, and nobody else decides anything meanwhile.
  await context.planning.write(() => replaceDependents(context, urn));
  return applyChange(context, goal, plan);
}

const isProtected =
  "it is protected and would have to be replaced. Remove the protect option first, or undo the change.";

async function decide(context: RunContext, goal: Goal, target: ResourceState): Promise<Plan> {
  const { urn, type } = target;
  const fail = (message: string, inputs = target.inputs): never => {
    const operation = old ? "update" : "create";
    context.report.failed({ urn, type, operation, new: { ...target, inputs }, changes: [] }, message);
    throw new Reported(message);
  };
  const old = context.state.old(urn);
  context.decided.add(urn);
  try {
    const provider = await providerOf(context, target);
    const wanted = old ? withoutIgnored(old.inputs, goal.inputs, goal.ignoreChanges) : goal.inputs;
    const check = async (oldInputs: PropertyMap, newInputs: PropertyMap) => {
      const checked = await provider.check({ urn, oldInputs, newInputs, randomSeed: randomBytes(32) });
      if (checked.failures.length === 0) return { ...target, inputs: checked.inputs };
      const lines = checked.failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
      return fail(lines.join("\n"), newInputs);
    };
    if (!old) return { provider, old, target: await check({}, wanted), change: undefined };
    const forced = await forcedReplacement(context, goal, old, target);
    const checked = forced ? undefined : await check(old.inputs, wanted);
    const { ignoreChanges, replaceOnChanges } = goal;
    const change =
      forced ??
      (await planChange(provider, { old, newInputs: checked?.inputs ?? {}, ignoreChanges, replaceOnChanges }));
    if (checked && change.action !== "replace") return { provider, old, target: checked, change };
    if (old.protect && goal.protect && !old.pendingReplacement) {
      if (!context.preview) fail(isProtected);
      context.report.message("error", isProtected, urn); // and the preview shows why
    }
    context.replaced.add(urn);
    const gone = old.external || old.pendingReplacement; // and what could not outlive it, too
    const deleteBeforeReplace = gone ? false : (goal.deleteBeforeReplace ?? change.deleteBeforeReplace);
    // Names and other defaults are made again: they must not collide with those of the object that is there.
    return { provider, old, target: await check({}, goal.inputs), change: { ...change, deleteBeforeReplace } };
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
    state: target,
    properties: inputs,
    deleteBeforeReplace: goal.deleteBeforeReplace,
    provider: provider ? state.provider(provider) : undefined,
  });
  if (refusal === undefined) return;
  report.failed({ urn, type, operation: state.old(urn) ? "update" : "create", new: target, changes: [] }, refusal);
  throw new Reported(refusal);
}

/** Replacements that no provider is asked about. */
async function forcedReplacement(
  context: RunContext,
  goal: Goal,
  old: ResourceState,
  target: ResourceState,
): Promise<Change | undefined> {
  if (old.external || old.pendingReplacement) return replacement();
  if (old.taint) return replacement("id");
  if (goal.deletedWith && context.replaced.has(goal.deletedWith)) return replacement("deletedWith");
  return (await context.providers.changeReplaces(old.provider, target.provider)) ? replacement("provider") : undefined;
}
