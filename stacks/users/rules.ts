import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";

/** What users need of the rest. */
export const userRules: Rule[] = [clearPasswords];

function clearPasswords({ tls, users, registry }: Settings): Problem[] {
  if (tls !== "none" || users === "none" || registry === "none") return [];
  const reason =
    'is none, but there are users: passwords would cross the network in plain text. Leave out "tls: none", or set users to none.';
  return [{ path: "tls", reason }];
}
