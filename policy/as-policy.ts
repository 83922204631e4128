import type {
  EnforcementLevel,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Resource } from "./resources/resource.ts";
import type { Properties, Value } from "./resources/value.ts";
import { unknown } from "./resources/value.ts";
import type { Rule } from "./rule.ts";

/** A rule in the form that Pulumi's policy SDK serves. */
export function asPolicy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const { name, description, level } = rule;
  const text = { name, description, enforcementLevel: level satisfies EnforcementLevel };
  if ("check" in rule) {
    return {
      ...text,
      validateResource: (args, report) => {
        for (const message of rule.check(resourceOf(args, {}))) report(message);
      },
    };
  }
  return {
    ...text,
    validateStack: ({ resources }, report) => {
      const known = resources.map((resource) => resourceOf(resource, sourcesOf(resource)));
      for (const { urn, message } of rule.checkStack(known)) report(message, urn);
    },
  };
}

function resourceOf(
  { type, urn, props, opts }: ResourceValidationArgs | PolicyResource,
  sources: Resource["sources"],
): Resource {
  return { type, urn, properties: plain(props) as Properties, protect: opts.protect, sources };
}

function sourcesOf({ propertyDependencies }: PolicyResource): Resource["sources"] {
  return Object.fromEntries(
    Object.entries(propertyDependencies).map(([property, resources]) => [property, resources.map(({ urn }) => urn)]),
  );
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
