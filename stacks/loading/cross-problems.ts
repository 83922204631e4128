import type { Problem } from "../../lib/validation/describe-issues.ts";
import { cacheRules } from "../caches/rules.ts";
import { certificateRules } from "../certificates/rules.ts";
import { hostRules } from "../hosts/rules.ts";
import { registryRules } from "../registry/rules.ts";
import { serviceRules } from "../service/rules.ts";
import { keep, type Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";
import { storageRules } from "../storage/rules.ts";
import { throwAwayRules } from "../throw-away/rules.ts";
import { trustRules } from "../trust/rules.ts";
import { userRules } from "../users/rules.ts";

const rules: Rule[] = [
  ...userRules,
  ...certificateRules,
  ...hostRules,
  ...storageRules,
  ...registryRules,
  ...throwAwayRules,
  ...cacheRules,
  ...serviceRules,
  ...trustRules,
];

/** Settings that are each allowed but don't go together. @param settings what is known of them */
export function crossProblems(settings: Settings, now: Date): Problem[] {
  return rules.flatMap((rule) => keep(() => rule(settings, now)));
}
