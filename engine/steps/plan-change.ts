import type { DetailedChange, ProviderDiff, ResourceProvider } from "../plugins/resource-provider.ts";
import type { PropertyMap } from "../protocol/property-value.ts";
import { plainMap } from "../protocol/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { compareProperties } from "./compare-properties.ts";
import { overlaps, parsePath } from "./property-path.ts";

/** What has to happen to a resource that there is already. */
export interface Change {
  action: "same" | "update" | "replace";
  deleteBeforeReplace: boolean;
  changes: DetailedChange[];
}

export interface ChangeRequest {
  old: ResourceState;
  newInputs: PropertyMap;
  /** The resource cannot go over to the provider that will manage it. */
  providerReplaces: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
}

/** Asks the provider what a change of inputs means, and adds what the engine itself knows. */
export async function planChange(provider: ResourceProvider, request: ChangeRequest): Promise<Change> {
  const { old, newInputs } = request;
  if (request.providerReplaces) {
    const changes: DetailedChange[] = [{ path: "provider", kind: "update", replaces: true }];
    return { action: "replace", deleteBeforeReplace: false, changes };
  }
  const diff = await provider.diff({
    urn: old.urn,
    id: old.id ?? "",
    oldInputs: old.inputs,
    oldOutputs: old.outputs,
    newInputs,
    ignoreChanges: request.ignoreChanges,
  });
  const changes = markReplacing(detailedChanges(diff, old, newInputs), diff.replaces, request.replaceOnChanges);
  const changed = diff.changes === "none" ? false : diff.changes === "some" || changes.length > 0;
  const replaces = changed && (diff.replaces.length > 0 || changes.some((change) => change.replaces));
  const { deleteBeforeReplace } = diff;
  if (replaces || old.pendingReplacement) return { action: "replace", deleteBeforeReplace, changes };
  const again = (old.initErrors?.length ?? 0) > 0;
  if (again && !changed) {
    const retried: DetailedChange[] = [{ path: "__initErrors", kind: "update", replaces: false }];
    const replacing = markReplacing(retried, [], request.replaceOnChanges.includes("#initerrors") ? ["*"] : []);
    const forced = replacing.some((change) => change.replaces);
    return { action: forced ? "replace" : "update", deleteBeforeReplace, changes: [] };
  }
  return { action: changed ? "update" : "same", deleteBeforeReplace, changes };
}

/** The provider's own list of changes; else a comparison of inputs, cut down to the properties it names. */
function detailedChanges(diff: ProviderDiff, old: ResourceState, newInputs: PropertyMap): DetailedChange[] {
  if (diff.changes === "none") return [];
  if (diff.detailed.length > 0) return diff.detailed;
  const compared = compareProperties(plainMap(old.inputs), plainMap(newInputs));
  if (diff.diffs.length === 0) return compared;
  const named = compared.filter((change) => diff.diffs.some((name) => overlaps([name], parsePath(change.path))));
  const missing = diff.diffs.filter((name) => !named.some((change) => overlaps([name], parsePath(change.path))));
  return [...named, ...missing.map((path): DetailedChange => ({ path, kind: "update", replaces: false }))];
}

function markReplacing(changes: DetailedChange[], keys: string[], paths: string[]): DetailedChange[] {
  const patterns = [...keys.map((key) => [key]), ...paths.map(parsePath)];
  const marked = changes.map((change) => ({
    ...change,
    replaces: change.replaces || patterns.some((pattern) => overlaps(pattern, parsePath(change.path))),
  }));
  // A key that forces the replacement is shown even where the provider did not list it as changed.
  const unseen = keys.filter((key) => !changes.some((change) => overlaps([key], parsePath(change.path))));
  return [...marked, ...unseen.map((path): DetailedChange => ({ path, kind: "update", replaces: true }))];
}
