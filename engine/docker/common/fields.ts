import type { PropertyValue } from "../../../lib/protocol/property-value.ts";
import { canonicalDuration } from "../../../lib/time/go-duration.ts";
import { atLeast, duration } from "./checks.ts";

/** What is known of one input of a resource type: enough to check it, to fill it in and to compare it. */
export interface Field {
  kind: "text" | "integer" | "flag" | "map" | "list" | "set" | "object";
  /** For lists and sets. The order of a set does not matter. */
  element?: Field;
  /** For objects. */
  fields?: Fields;
  required?: boolean;
  /** Filled in when the input is left out; zero values are implied by the kind and not written here. */
  default?: string | number | boolean;
  /** Docker fills it in when it is left out; then whatever is there is fine. */
  computed?: boolean;
  /** Left out, it is no difference whatever is there, though Docker computes nothing. */
  kept?: boolean;
  /** A change of it cannot be made in place; for an object: that it comes or goes. */
  replaces?: boolean;
  /** The oldest Docker API that has it. An older daemon ignores it, so that it is refused there. */
  api?: string;
  /** For maps: what Docker adds of its own is no difference. */
  adds?: RegExp;
  /** Its value is a secret in checked inputs and in the state. */
  secret?: boolean;
  /** Says what is wrong with a value of the right kind; undefined: nothing. Must not repeat a secret. */
  problem?: (value: string | number | boolean) => string | undefined;
  /** Sibling inputs that cannot be given together with this one. */
  conflictsWith?: string[];
  /** Brings two spellings of one value to the same text. */
  canonical?: (text: string) => string;
}

export type Fields = Record<string, Field>;

type Options = Omit<Field, "kind" | "element" | "fields">;

export const text = (options: Options = {}): Field => ({ kind: "text", ...options });
export const integer = (options: Options = {}): Field => ({ kind: "integer", ...options });
export const flag = (options: Options = {}): Field => ({ kind: "flag", ...options });
/** An object whose keys are the user's own and whose values are text. */
export const map = (options: Options = {}): Field => ({ kind: "map", ...options });
export const list = (element: Field, options: Options = {}): Field => ({ kind: "list", element, ...options });
export const set = (element: Field, options: Options = {}): Field => ({ kind: "set", element, ...options });
export const object = (fields: Fields, options: Options = {}): Field => ({ kind: "object", fields, ...options });

/** A whole number from 0. */
export const size = (options: Options = {}) => integer({ problem: atLeast(0), ...options });

/** A duration, in any of its spellings. */
export const time = (options: Options = {}) => text({ problem: duration, canonical: canonicalDuration, ...options });

/** `labels: [{ label, value }]`, as every labelled type has it. */
export const labels = (options: Options = { replaces: true }): Field =>
  set(object({ label: text({ required: true }), value: text({ required: true }) }), options);

/** Whether a value says no more than leaving it out would. */
export function isBlank(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isBlank);
}
