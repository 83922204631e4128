import { isObject, type PropertyMap, type PropertyValue } from "./property-value.ts";

/** Readers of checked inputs: the plain value, or undefined where it was left out. */
export const textOf = (value: PropertyValue | undefined): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

export const numberOf = (value: PropertyValue | undefined): number | undefined =>
  value === undefined || value === null ? undefined : Number(value);

export const isTrue = (value: PropertyValue | undefined): boolean => value === true;

export const textsOf = (value: PropertyValue | undefined): string[] =>
  Array.isArray(value) ? value.map((item) => (item === null ? "" : String(item))) : [];

export const objectsOf = (value: PropertyValue | undefined): PropertyMap[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

export const objectOf = (value: PropertyValue | undefined): PropertyMap | undefined =>
  isObject(value) ? value : undefined;

export const mapOf = (value: PropertyValue | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([key, inner]) => [key, String(inner ?? "")]));

/** `[{ label, value }]` as the map that Docker takes. */
export const labelsOf = (value: PropertyValue | undefined): Record<string, string> =>
  Object.fromEntries(objectsOf(value).map((item) => [textOf(item.label) ?? "", textOf(item.value) ?? ""]));

/** Docker's map of labels as `[{ label, value }]`, sorted by label. */
export const toLabels = (labels: Record<string, string> | null | undefined): PropertyMap[] =>
  Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));

/** A list of `key=value` as a map. */
export const pairsOf = (value: PropertyValue | undefined): Record<string, string> =>
  Object.fromEntries(
    textsOf(value).map((pair) => {
      const [key = "", ...rest] = pair.split("=");
      return [key, rest.join("=")];
    }),
  );
