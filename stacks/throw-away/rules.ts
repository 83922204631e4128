import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";

/** What a throw-away stack cannot have. */
export const throwAwayRules: Rule[] = [throwAway];

/** What else a stack has carries no labels of a throw-away one, and stays forever once its state is lost. */
function throwAway({ ephemeral, service, caches, registry }: Settings): Problem[] {
  if (!ephemeral) return [];
  const wrong = registry === "none" ? "no registry" : service ? "service" : Object.keys(caches).length > 0 && "caches";
  if (!wrong) return [];
  const reason = `is set beside ${wrong}: a throw-away stack is one registry in a container, reap would leave the rest. Take ${wrong === "no registry" ? "registry: none" : wrong} out, or ephemeral.`;
  return [{ path: "ephemeral", reason }];
}
