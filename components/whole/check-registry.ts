import { comesLater, inputProblemsOf } from "../check-inputs.ts";
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
  const inputs = { component: "Registry", shape: registryInputs.shape, plain: plainInputs };
  const problems = [...inputProblemsOf(args, inputs), ...contradictions(args)];
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
