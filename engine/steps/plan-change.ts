import { contains, parsePath, topLevel, withoutIgnored } from "../../lib/protocol/property-path.ts";
import { type PropertyMap, plainMap } from "../../lib/protocol/property-value.ts";
import type { DetailedChange, ProviderDiff, ResourceProvider } from "../plugins/resource-provider.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { compareProperties } from "./compare-properties.ts";

/** What has to happen to a resource that there is already. */
export interface Change {
  action: "same" | "update" | "replace";
  deleteBeforeReplace: boolean;
  changes: DetailedChange[];
}

export interface ChangeRequest {
  old: ResourceState;
  newInputs: PropertyMap;
  ignoreChanges: string[];
  replaceOnChanges: string[];
}

/** A replacement for a reason that no provider is asked about. @param key what the display names as the cause. */
export function replacement(...keys: string[]): Change {
  const changes = keys.map((path): DetailedChange => ({ path, kind: "update", replaces: true, inputDiff: false }));
  return { action: "replace", deleteBeforeReplace: false, changes };
}

/** What replaceOnChanges calls the reason that the last create or update did not finish. */
const initError = "#initerror";

/** Asks the provider what a change of inputs means, and adds what the engine itself knows. */
export async function planChange(provider: ResourceProvider, request: ChangeRequest): Promise<Change> {
  const { old, newInputs, ignoreChanges, replaceOnChanges } = request;
  const answer = await provider.diff({
    urn: old.urn,
    id: old.id ?? "",
    oldInputs: old.inputs,
    oldOutputs: old.outputs,
    newInputs,
    ignoreChanges,
  });
  const diff = answer.changes === "unknown" ? ownDiff(old.inputs, newInputs, ignoreChanges) : answer;
  const { deleteBeforeReplace } = answer;
  const unfinished = (old.initErrors?.length ?? 0) > 0;
  const replacing = replaceOnChanges.map(parsePath);
  const isReplacing = (path: string) => replacing.some((pattern) => contains(pattern, parsePath(path)));
  const again = unfinished && isReplacing(initError);
  if (diff.changes === "none" && !again)
    return { action: unfinished ? "update" : "same", deleteBeforeReplace, changes: [] };
  const detailed = diff.detailed.map((change) => ({
    ...change,
    replaces: change.replaces || isReplacing(change.path),
  }));
  const keys = [...answer.replaces, ...diff.diffs.filter(isReplacing), ...(again ? [initError] : [])];
  const replaces = keys.length > 0 || detailed.some((change) => change.replaces);
  const changes = detailed.length > 0 ? detailed : shownChanges(diff, old, newInputs);
  return { action: replaces ? "replace" : "update", deleteBeforeReplace, changes: withKeys(changes, keys) };
}

/** What the engine finds where the provider leaves it to compare inputs. */
function ownDiff(
  old: PropertyMap,
  current: PropertyMap,
  ignoreChanges: string[],
): Pick<ProviderDiff, "changes" | "detailed" | "diffs"> {
  const detailed = compareProperties(plainMap(old), plainMap(withoutIgnored(old, current, ignoreChanges)));
  const diffs = [...new Set(detailed.map(({ path }) => topLevel(path)))];
  return { changes: detailed.length > 0 ? "some" : "none", detailed, diffs };
}

/** For display only: a comparison of inputs, cut down to the properties that the provider names. */
function shownChanges(
  { changes, diffs }: Pick<ProviderDiff, "changes" | "diffs">,
  old: ResourceState,
  newInputs: PropertyMap,
) {
  if (changes === "none") return [];
  const compared = compareProperties(plainMap(old.inputs), plainMap(newInputs));
  if (diffs.length === 0) return compared;
  const missing = diffs.filter((name) => !compared.some(({ path }) => topLevel(path) === name));
  return [
    ...compared.filter(({ path }) => diffs.includes(topLevel(path))),
    ...missing.map((path): DetailedChange => ({ path, kind: "update", replaces: false, inputDiff: false })),
  ];
}

/** A key that forces the replacement is shown even where the provider did not list it as changed. */
function withKeys(changes: DetailedChange[], keys: string[]): DetailedChange[] {
  const unseen = [...new Set(keys)].filter((key) => !changes.some(({ path }) => topLevel(path) === key));
  return [
    ...changes.map((change) => ({ ...change, replaces: change.replaces || keys.includes(topLevel(change.path)) })),
    ...replacement(...unseen).changes,
  ];
}
