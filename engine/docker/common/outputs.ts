import {
  isObject,
  type PropertyMap,
  type PropertyValue,
  pruned,
  unknownValue,
  withoutSecrets,
} from "../../../lib/protocol/property-value.ts";
import { isSame } from "./compare.ts";
import { type Field, type Fields, isBlank } from "./fields.ts";

/** Inputs without the `__defaults` lists that only checks and the state's inputs carry. */
export function withoutDefaults<Value extends PropertyValue>(inputs: Value): Value {
  return pruned(inputs, (key) => key === "__defaults");
}

/**
 * Outputs from the live values: what is still as it was keeps its old spelling and order, so that neither this
 * provider nor Pulumi's own sees a change in it.
 * @param known outputs, or inputs of a new resource.
 * @param live what Docker says; a key left out says nothing and leaves what was known.
 */
export function reconcile(fields: Fields, known: PropertyMap, live: PropertyMap): PropertyMap {
  const outputs: PropertyMap = { ...known };
  for (const [key, value] of Object.entries(live)) {
    const field = fields[key];
    const keep =
      field !== undefined &&
      !isBlank(known[key]) &&
      isSame({ ...field, computed: false, kept: false }, value, known[key]);
    outputs[key] = keep ? fillIn(field, known[key], value) : value;
  }
  return outputs;
}

/** What Docker computed inside a value that is otherwise as it was, for example the port it chose. */
function fillIn(field: Field, known: PropertyValue | undefined, live: PropertyValue): PropertyValue {
  const { element, fields } = field;
  if (element && Array.isArray(known) && Array.isArray(live)) {
    return known.map((item) =>
      fillIn(element, item, live.find((candidate) => isSame(element, candidate, item)) ?? item),
    );
  }
  if (fields && isObject(known) && isObject(live)) {
    const filled = Object.entries(live).map(([key, value]): [string, PropertyValue] => {
      const inner = fields[key];
      return [key, inner && !isBlank(known[key]) ? fillIn(inner, known[key], value) : value];
    });
    return { ...known, ...Object.fromEntries(filled) };
  }
  return known ?? live;
}

/** What a preview of create says: the inputs, and unknown what only Docker can tell. */
export function plannedOutputs(fields: Fields, computedOutputs: string[], inputs: PropertyMap): PropertyMap {
  const unknowns = Object.entries(fields).filter(([key, field]) => field.computed && !(key in inputs));
  return {
    ...Object.fromEntries(
      [...unknowns.map(([key]) => key), ...computedOutputs, "id"].map((key) => [key, unknownValue]),
    ),
    ...withoutDefaults(inputs),
  };
}

/**
 * What update leads to: the old outputs with the new inputs over them. What stays the same keeps what Docker filled
 * in (the port it chose); inputs that were removed are gone.
 */
export function updatedOutputs(fields: Fields, oldOutputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  const kept = Object.entries(oldOutputs).filter(([key]) => {
    const field = fields[key];
    return !key.startsWith("__") && (field === undefined || field.computed);
  });
  const wanted = Object.entries(withoutDefaults(inputs)).map(([key, value]) => {
    const field = fields[key];
    const old = oldOutputs[key];
    return [key, field && old !== undefined && isSame(field, withoutSecrets(old), withoutSecrets(value)) ? old : value];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(wanted) };
}

/**
 * Inputs as the live resource has them: what drifted takes the live value and is no default any more, so that the
 * next preview shows it. Without old inputs (import) every live value that says something becomes an input.
 */
export function refreshedInputs(fields: Fields, oldInputs: PropertyMap, outputs: PropertyMap): PropertyMap {
  const isImport = Object.keys(oldInputs).length === 0;
  const drifted = new Set<string>();
  const inputs: PropertyMap = {};
  for (const [key, field] of Object.entries(fields)) {
    const old = oldInputs[key];
    const live = outputs[key];
    if (isImport) {
      if (!isBlank(live) && live !== field.default && live !== undefined) inputs[key] = asInput(live);
    } else if (old !== undefined) {
      const same = live === undefined || isSame(field, live, withoutDefaults(old));
      inputs[key] = same ? old : asInput(live);
      if (!same) drifted.add(key);
    }
  }
  const defaults = Array.isArray(oldInputs.__defaults) ? oldInputs.__defaults : [];
  return { __defaults: defaults.filter((key) => !drifted.has(String(key))), ...inputs };
}

function asInput(value: PropertyValue): PropertyValue {
  return pruned(value, (_, inner) => isBlank(inner));
}
