import { isLoopback } from "../../components/machines/is-loopback.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { publishedAddress, unreachableHosts } from "../docker-host/published-address.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";

/** What the hosts and the address of the port must keep to together. */
export const hostRules: Rule[] = [addressProblems];

function addressProblems(settings: Settings): Problem[] {
  if (settings.service) return [];
  const address = publishedAddress(settings);
  const unreachable = unreachableHosts(settings);
  if (unreachable.length === 0) return [];
  const limit = isLoopback(address)
    ? "which only this machine reaches"
    : "the one address that the port is published on";
  return [
    { path: "address", reason: `is ${address}, ${limit}; it does not serve the hosts ${unreachable.join(", ")}.` },
  ];
}
