import type { EnforcementLevel, PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Resource } from "./resources/resource.ts";
import type { Rule } from "./resources/rule.ts";
import type { Properties, Value } from "./resources/value.ts";
import { unknown } from "./resources/value.ts";

/**
 * A rule in the form that Pulumi's policy SDK serves. What a rule about the stack is given are the outputs of the resources, in
 * which a provider need not repeat its inputs: these are remembered from when each resource was looked at by itself.
 */
export function asPolicy(rule: Rule): ResourceValidationPolicy & Partial<StackValidationPolicy> {
  const { name, description, level } = rule;
  const text = { name, description, enforcementLevel: level satisfies EnforcementLevel };
  if ("check" in rule) {
    return {
      ...text,
      validateResource: ({ type, urn, props, opts }, report) => {
        const resource = { type, urn, properties: propertiesOf(props), protect: opts.protect, sources: {} };
        for (const message of rule.check(resource)) report(message);
      },
    };
  }
  const inputs = new Map<string, Properties>();
  return {
    ...text,
    validateResource: ({ urn, props }) => {
      inputs.set(urn, propertiesOf(props));
    },
    validateStack: ({ resources }, report) => {
      const known = resources.map(
        (resource): Resource => ({
          type: resource.type,
          urn: resource.urn,
          properties: { ...propertiesOf(resource.props), ...inputs.get(resource.urn) },
          protect: resource.opts.protect,
          sources: sourcesOf(resource),
        }),
      );
      for (const { urn, message } of rule.checkStack(known)) report(message, urn);
    },
  };
}

function sourcesOf({ propertyDependencies }: PolicyResource): Resource["sources"] {
  return Object.fromEntries(
    Object.entries(propertyDependencies).map(([property, resources]) => [property, resources.map(({ urn }) => urn)]),
  );
}

function propertiesOf(props: object): Properties {
  return plain(props) as Properties;
}

/** The SDK throws where a property is read that is not known yet. */
function plain(value: unknown): Value {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => read(value, i));
  if (typeof value !== "object" || value === null) return (value ?? null) as Value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
}

function read(container: object, key: string | number): Value {
  try {
    return plain((container as Record<string | number, unknown>)[key]);
  } catch (error) {
    if ((error as Error).constructor.name !== "UnknownValueError") throw error;
    return unknown;
  }
}
