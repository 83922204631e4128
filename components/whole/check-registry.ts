import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { describeIssues } from "../../lib/validation/describe-issues.ts";
import { inputProblems } from "../parsed-input.ts";
import type { RegistryArgs } from "./registry-args.ts";
import { registryInputs } from "./registry-inputs.ts";

/** What decides which resources there are, or is read before they are made. */
export const plainInputs: readonly string[] = [
  "container",
  "service",
  "swarm",
  "registry",
  "proxy",
  "trust",
  "dockerHost",
];

/**
 * Checks what a program gives as far as it is known by now; each resource checks the rest as soon as that is known.
 * @throws `InputPropertiesError` with every problem, each by its path in the component's own properties
 */
export function checkRegistry(args: RegistryArgs): void {
  const shape: Record<string, z.ZodType> = registryInputs.shape;
  const given: Record<string, unknown> = { ...args };
  const problems = Object.keys(given)
    .filter((key) => !(key in shape) && given[key] !== undefined)
    .map((path) => ({ path, reason: `is not a property of Registry. Allowed: ${Object.keys(shape).join(", ")}.` }));
  for (const [key, schema] of Object.entries(shape)) {
    const value = given[key];
    if (comesLater(value)) {
      if (plainInputs.includes(key))
        problems.push({ path: key, reason: "must be plain: no outputs of other resources." });
      continue;
    }
    if (key === "image" && typeof value === "object") continue;
    const { error } = schema.safeParse(value);
    for (const { path, reason } of error ? describeIssues(error, { noun: "property" }) : [])
      problems.push({ path: path ? `${key}${path.startsWith("[") ? "" : "."}${path}` : key, reason });
  }
  problems.push(...contradictions(args));
  if (problems.length > 0) throw inputProblems(problems);
}

function contradictions({ users, htpasswd, service, container, swarm, tls, trust, hosts }: RegistryArgs) {
  const hasLaterHosts = comesLater(hosts);
  const rules: [boolean, string, string][] = [
    [users !== undefined && htpasswd !== undefined, "htpasswd", "goes in place of users: give one of the two."],
    [
      service !== undefined && container !== undefined,
      "container",
      "does not go together with service: leave one out.",
    ],
    [swarm !== undefined && service === undefined, "swarm", "is for a service: give service, too, or leave it out."],
    [
      trust === "swarm" && tls === "none",
      "trust",
      'is swarm, and there is no certificate to trust: it needs tls, or "none".',
    ],
    [
      tls === "none" && trust !== "none" && hasLaterHosts,
      "hosts",
      'must be plain with tls: "none", because they decide whether daemons must be told of them.',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, path, reason]) => ({ path, reason }));
}

/** Whether a value is, or holds, something that is known only when other resources are made. */
export function comesLater(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.Resource.isInstance(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(comesLater);
}
