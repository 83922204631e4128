import { registryPort } from "../../components/files/layout.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";
import { missingFiles } from "./file-problems.ts";

/** What the registry's own configuration must keep to together with the rest. */
export const registryRules: Rule[] = [debugPort, missingFiles];

function debugPort({ registry }: Settings): Problem[] {
  if (registry === "none" || registry.debug?.port !== registryPort) return [];
  return [
    {
      path: "registry.debug.port",
      reason: `is ${registryPort}, the registry's own port inside the container. Choose another port.`,
    },
  ];
}
