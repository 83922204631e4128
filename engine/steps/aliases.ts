import { makeUrn, nameOf, stackType, typeChainOf, typeOf } from "../protocol/urn.ts";
import type { Alias, Goal } from "./goal.ts";

/**
 * The URNs that a resource may have had, the most likely first: those its aliases name, and those it had while
 * its parent had another URN.
 * @param renamedParents former URNs of the parent.
 */
export function aliasUrns(goal: Goal, stack: string, project: string, formerParents: string[]): string[] {
  const parents = [goal.parent, ...formerParents];
  const own = goal.aliases.flatMap((alias) =>
    "urn" in alias ? [alias.urn] : parents.map((parent) => resolveAlias(alias, goal, stack, project, parent)),
  );
  const inherited = formerParents.map((parent) =>
    makeUrn(stack, project, goal.type, inheritedName(goal, parent), parent),
  );
  const current = makeUrn(stack, project, goal.type, goal.name, goal.parent);
  return [...new Set([...own, ...inherited])].filter((urn) => urn !== current);
}

function resolveAlias(
  alias: Exclude<Alias, { urn: string }>,
  goal: Goal,
  stack: string,
  project: string,
  parent: string | undefined,
): string {
  const formerParent = alias.noParent ? undefined : (alias.parent ?? parent);
  const chainParent = formerParent && typeOf(formerParent) === stackType ? undefined : formerParent;
  return makeUrn(
    alias.stack ?? stack,
    alias.project ?? project,
    alias.type ?? goal.type,
    alias.name ?? goal.name,
    chainParent,
  );
}

/** A child named after its parent (`<parent>-data`) was named after the parent's former name. */
function inheritedName(goal: Goal, formerParent: string): string {
  const parentName = goal.parent ? nameOf(goal.parent) : "";
  const sameType = goal.parent && typeChainOf(goal.parent) === typeChainOf(formerParent);
  return sameType && goal.name.startsWith(parentName)
    ? nameOf(formerParent) + goal.name.slice(parentName.length)
    : goal.name;
}
