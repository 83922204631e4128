import { closest } from "fastest-levenshtein";
import {
  isObject,
  isSecret,
  makeSecret,
  type PropertyMap,
  type PropertyValue,
  unknownValue,
} from "../../../lib/protocol/property-value.ts";
import type { CheckFailure, CheckResult } from "../../../lib/provider/lifecycle.ts";
import type { Field, Fields } from "./fields.ts";

/**
 * Checks inputs against the fields of a type: unknown keys, missing and conflicting ones, wrong kinds, values out
 * of range, all reported at once. Fills in defaults and lists them under `__defaults`, at every level, as the
 * Terraform bridge of the Docker plugin does; numbers and texts are turned into each other where that loses nothing.
 */
export function checkInputs(fields: Fields, inputs: PropertyMap): CheckResult {
  const failures: CheckFailure[] = [];
  return { inputs: checkObject(fields, inputs, "", failures), failures };
}

function checkObject(fields: Fields, given: PropertyMap, path: string, failures: CheckFailure[]): PropertyMap {
  const fail = (key: string, reason: string) => failures.push({ property: join(path, key), reason });
  const checked: PropertyMap = {};
  const entries = Object.entries(given).filter(([key, value]) => key !== "__defaults" && value !== null);
  for (const [key, value] of entries) {
    const field = fields[key];
    if (field) checked[key] = checkValue(field, value, join(path, key), failures);
    else {
      checked[key] = value;
      fail(key, `there is no input "${key}"; did you mean "${closest(key, Object.keys(fields))}"?`);
    }
  }
  const defaults: string[] = [];
  for (const [key, field] of Object.entries(fields)) {
    const isGiven = key in checked;
    const excluded = field.conflictsWith?.some((other) => other in checked);
    if (!isGiven && field.default !== undefined && !excluded) {
      checked[key] = field.default;
      defaults.push(key);
    }
    if (!isGiven && field.required) fail(key, `the input "${key}" is missing`);
    const conflict = isGiven && field.conflictsWith?.find((other) => other in given && given[other] !== null);
    if (conflict) fail(key, `"${key}" and "${conflict}" cannot be given together`);
  }
  return { __defaults: defaults.sort(), ...checked };
}

function checkValue(field: Field, value: PropertyValue, path: string, failures: CheckFailure[]): PropertyValue {
  if (isSecret(value)) return makeSecret(checkValue(field, value.value ?? null, path, failures));
  const checked = value === unknownValue ? value : checkKnown(field, value, path, failures);
  return field.secret ? makeSecret(checked) : checked;
}

function checkKnown(field: Field, value: PropertyValue, path: string, failures: CheckFailure[]): PropertyValue {
  const fail = (reason: string): PropertyValue => {
    failures.push({ property: path, reason });
    return value;
  };
  const element = field.element;
  if (element) {
    if (!Array.isArray(value)) return fail(`must be a list, not ${kindOf(value)}`);
    return value.map((item, index) => checkValue(element, item, `${path}[${index}]`, failures));
  }
  if (field.kind === "object") {
    return isObject(value)
      ? checkObject(field.fields ?? {}, value, path, failures)
      : fail(`must be an object, not ${kindOf(value)}`);
  }
  if (field.kind === "map") return isObject(value) ? value : fail(`must be an object, not ${kindOf(value)}`);
  const simple = coerce(field.kind, value);
  if (simple === undefined) return fail(`must be ${wanted[field.kind]}, not ${kindOf(value)}`);
  const problem = field.problem?.(simple);
  return problem ? fail(problem) : simple;
}

const wanted: Record<string, string> = { text: "a text", integer: "a whole number", flag: "true or false" };

function coerce(kind: Field["kind"], value: PropertyValue): string | number | boolean | undefined {
  if (typeof value === "object") return undefined;
  if (kind === "text") return String(value);
  if (kind === "integer") {
    const number = typeof value === "boolean" || value === "" ? Number.NaN : Number(value);
    return Number.isInteger(number) ? number : undefined;
  }
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

function kindOf(value: PropertyValue): string {
  if (Array.isArray(value)) return "a list";
  return { string: "a text", number: "a number", boolean: "true or false", object: "an object" }[
    typeof value as "string" | "number" | "boolean" | "object"
  ];
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}
