import { isObject, type PropertyMap, type PropertyValue, unknownValue } from "../../../lib/protocol/property-value.ts";
import type { Change } from "../../../lib/provider/lifecycle.ts";
import { type Field, type Fields, isBlank } from "./fields.ts";

/**
 * What has to change to get from `current` (outputs) to `wanted` (checked inputs), both without secret wrappers.
 * What is left out of `wanted` must be blank, or may be anything where Docker computes it.
 */
export function compare(
  fields: Fields,
  current: PropertyMap,
  wanted: PropertyMap,
  path = "",
  replaces = false,
): Change[] {
  return Object.entries(fields).flatMap(([key, field]) =>
    compareField(field, current[key], wanted[key], path ? `${path}.${key}` : key, replaces),
  );
}

/** Whether `current` is what `wanted` asks for; spellings, the order of sets and blank values do not matter. */
export function isSame(field: Field, current: PropertyValue | undefined, wanted: PropertyValue | undefined): boolean {
  if (wanted === unknownValue || current === unknownValue) return false;
  if (isBlank(wanted) && isBlank(current)) return true;
  if ((field.computed || field.kept) && isBlank(wanted) && wanted !== false) return true;
  const { element, fields, canonical } = field;
  if (element && Array.isArray(current) && Array.isArray(wanted)) {
    if (current.length !== wanted.length) return false;
    if (field.kind === "list") return wanted.every((item, index) => isSame(element, current[index], item));
    return unmatched(element, current, wanted).added.length === 0;
  }
  if (fields && isObject(wanted)) {
    const before = isObject(current) ? current : {};
    return Object.entries(fields).every(([key, inner]) => isSame(inner, before[key], wanted[key]));
  }
  if (field.kind === "map" && isObject(wanted)) {
    const before = isObject(current) ? current : {};
    const keys = Object.keys(before).filter((key) => key in wanted || !field.adds?.test(key));
    return (
      keys.length === Object.keys(wanted).length && keys.every((key) => asText(before[key]) === asText(wanted[key]))
    );
  }
  const [a, b] = [asText(current), asText(wanted)];
  return a === b || (canonical !== undefined && canonical(a) === canonical(b));
}

function compareField(
  field: Field,
  current: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  path: string,
  outerReplaces: boolean,
): Change[] {
  if (isSame(field, current, wanted)) return [];
  const replaces = outerReplaces || (field.replaces ?? false);
  const change = (kind: Change["kind"], at = path, force = replaces): Change => ({
    path: at,
    kind,
    ...(force ? { replaces: true } : {}),
    inputDiff: false,
  });
  if (isAbsent(current)) return [change("add", path, replaces || forcesReplace(field, wanted))];
  if (isAbsent(wanted)) return [change("delete", path, replaces || forcesReplace(field, current))];
  const { element, fields } = field;
  // That an object cannot come or go in place says nothing of what is inside it.
  if (fields && isObject(current) && isObject(wanted)) return compare(fields, current, wanted, path, outerReplaces);
  if (!element || !Array.isArray(current) || !Array.isArray(wanted)) return [change("update")];
  if (field.kind === "list") {
    const length = Math.max(current.length, wanted.length);
    return Array.from({ length }).flatMap((_, index) =>
      compareField(element, current[index], wanted[index], `${path}[${index}]`, replaces),
    );
  }
  const { added, removed } = unmatched(element, current, wanted);
  const at = (index: number, kind: "add" | "delete", item: PropertyValue | undefined) =>
    change(kind, `${path}[${index}]`, replaces || forcesReplace(element, item));
  return [...new Set([...removed, ...added])].flatMap((index) => {
    if (!added.includes(index)) return at(index, "delete", current[index]);
    if (!removed.includes(index)) return at(index, "add", wanted[index]);
    return compareField(element, current[index], wanted[index], `${path}[${index}]`, replaces);
  });
}

/** Whether something inside the value cannot be changed in place. */
function forcesReplace(field: Field, value: PropertyValue | undefined): boolean {
  if (field.element && Array.isArray(value)) return value.some((item) => forcesReplace(field.element as Field, item));
  if (!field.fields || !isObject(value)) return false;
  return Object.entries(field.fields).some(
    ([key, inner]) => !isBlank(value[key]) && (inner.replaces || forcesReplace(inner, value[key])),
  );
}

/** Positions of what only one of two sets has. */
function unmatched(element: Field, current: PropertyValue[], wanted: PropertyValue[]) {
  const removed = new Set(current.keys());
  const added = [...wanted.keys()].filter((index) => {
    const match = [...removed].find((candidate) => isSame(element, current[candidate], wanted[index]));
    if (match === undefined) return true;
    removed.delete(match);
    return false;
  });
  return { added, removed: [...removed] };
}

function isAbsent(value: PropertyValue | undefined): boolean {
  return value === undefined || value === null;
}

function asText(value: PropertyValue | undefined): string {
  if (value === undefined || value === null || value === 0 || value === false) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
