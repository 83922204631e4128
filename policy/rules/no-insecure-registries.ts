import type { ResourceRule } from "../resources/rule.ts";
import type { Value } from "../resources/value.ts";
import { isProperties, textsIn } from "../resources/value.ts";

/** Any resource may carry a daemon.json or the arguments of a daemon, so all are looked at. */
export const noInsecureRegistries: ResourceRule = {
  name: "no-insecure-registries",
  description:
    "Docker daemons should trust no insecure registry (CIS Docker Benchmark 2.5, 2.4 in older editions): what they pull can be changed on the way.",
  level: "advisory",
  check: ({ type, properties }) =>
    isMentioned(properties) || (type.startsWith("registry-kit:nodes:") && properties.insecure === true)
      ? [
          "It makes a daemon accept a registry without checking its certificate. Give the daemon the authority's ca.crt.",
        ]
      : [],
};

function isMentioned(value: Value): boolean {
  if (Array.isArray(value)) return value.some(isMentioned);
  if (isProperties(value)) {
    return Object.entries(value).some(
      ([key, inner]) => (/^insecure-?registries$/i.test(key) && !isEmpty(inner)) || isMentioned(inner),
    );
  }
  return textsIn(value).some(
    ({ text }) => /--insecure-registry\b/.test(text) || /"insecure-registries"\s*:\s*\[\s*"/.test(text),
  );
}

function isEmpty(value: Value): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
