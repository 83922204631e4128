import { formatPath, type PropertyPath } from "../../lib/protocol/property-path.ts";
import {
  isObject,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  sameValue,
} from "../../lib/protocol/property-value.ts";
import { isAssetOrArchive } from "../../lib/protocol/special-values.ts";
import type { DetailedChange } from "../plugins/resource-provider.ts";

/** The differences between two property maps by path, without what providers keep for themselves (`__...`). */
export function compareProperties(old: PropertyMap, current: PropertyMap): DetailedChange[] {
  return compare(old, current, []);
}

function compare(
  old: PropertyValue | undefined,
  current: PropertyValue | undefined,
  path: PropertyPath,
): DetailedChange[] {
  if (isSecret(old)) return compare(old.value, current, path);
  if (isSecret(current)) return compare(old, current.value, path);
  if (sameValue(old, current)) return [];
  const change = (kind: DetailedChange["kind"]): DetailedChange[] => [
    { path: formatPath(path), kind, replaces: false, inputDiff: true },
  ];
  if (old === undefined) return change("add");
  if (current === undefined) return change("delete");
  if (isAssetOrArchive(old) || isAssetOrArchive(current)) return change("update");
  if (isObject(old) && isObject(current)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(current)])].filter((key) => !key.startsWith("__"));
    return keys.flatMap((key) => compare(old[key], current[key], [...path, key]));
  }
  if (Array.isArray(old) && Array.isArray(current)) {
    const length = Math.max(old.length, current.length);
    return Array.from({ length }, (_, i) => compare(old[i], current[i], [...path, i])).flat();
  }
  return change("update");
}
