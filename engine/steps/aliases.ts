import { makeUrn, nameOf, stackType, typeOf } from "../../lib/protocol/urn.ts";
import type { Alias, Goal } from "./goal.ts";

/**
 * The URNs that a resource may have had, the most likely first: those its aliases name, and those it had while its
 * parent had another URN. Source: `generateAliases` of Pulumi's step generator.
 * @param formerUrn the URN under which the state had a resource that was renamed in this run.
 */
export function aliasUrns(
  goal: Goal,
  stack: string,
  project: string,
  formerUrn: (urn: string) => string | undefined,
): string[] {
  const resolve = (alias: Exclude<Alias, { urn: string }>) => {
    const named = alias.parent === undefined ? goal.parent : (formerUrn(alias.parent) ?? alias.parent);
    const parent = alias.noParent || (named && typeOf(named) === stackType) ? undefined : named;
    const { type = goal.type, name = goal.name } = alias;
    return makeUrn(alias.stack ?? stack, alias.project ?? project, type, name, parent);
  };
  const own = goal.aliases.map((alias) => ("urn" in alias ? alias.urn : resolve(alias)));
  const parent = goal.parent ?? "";
  const formerParent = formerUrn(parent);
  if (!formerParent) return own;
  // A child named after its parent (`<parent>-data`) was named after the parent's former name.
  const inherited = (type: string, name: string) => {
    const swaps = name.startsWith(nameOf(parent));
    const formerName = swaps ? nameOf(formerParent) + name.slice(nameOf(parent).length) : name;
    return makeUrn(stack, project, type, formerName, formerParent);
  };
  return [...own, inherited(goal.type, goal.name), ...own.map((urn) => inherited(typeOf(urn), nameOf(urn)))];
}
