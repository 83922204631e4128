import type { PropertyPath } from "../../lib/protocol/property-path.ts";
import {
  isObject,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  unknownValue,
} from "../../lib/protocol/property-value.ts";
import { isArchive, isAssetOrArchive } from "../../lib/protocol/special-values.ts";

const longest = 160;

/** A value on one line: secrets are `[secret]`, what is not known yet `[unknown]`, what is long is cut. */
export function renderValue(value: PropertyValue | undefined): string {
  if (value === undefined) return "";
  const text = JSON.stringify(readable(value));
  return text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text;
}

/** The value at a path; inside a secret everything is secret. */
export function valueAt(map: PropertyMap, path: PropertyPath): PropertyValue | undefined {
  let value: PropertyValue | undefined = map;
  for (const step of path) {
    if (isSecret(value)) return value;
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) ? value[String(step)] : undefined;
  }
  return value;
}

function readable(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return "[secret]";
  if (value === unknownValue) return "[unknown]";
  if (Array.isArray(value)) return value.map(readable);
  if (isAssetOrArchive(value)) return describeAsset(value);
  if (isObject(value)) {
    const shown = Object.entries(value).filter(([key]) => !key.startsWith("__"));
    return Object.fromEntries(shown.map(([key, inner]) => [key, readable(inner)]));
  }
  return value;
}

function describeAsset(value: PropertyMap): string {
  const { hash = "", path, uri } = value;
  const kind = path ? "file" : uri ? "uri" : isArchive(value) ? "assets" : "text";
  const place = path ?? uri;
  return `${isArchive(value) ? "archive" : "asset"}(${kind}:${String(hash).slice(0, 7)})${place ? ` { ${place} }` : ""}`;
}
