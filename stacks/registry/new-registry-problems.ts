import type { Problem } from "../../lib/validation/describe-issues.ts";
import { keep } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";
import { sensitiveFolderProblems } from "../storage/sensitive-folder-problems.ts";
import { rootProblem } from "./root-problem.ts";

/**
 * What a new registry is refused for, and an earlier one only warned of: a folder of the host's system, and root with any folder of
 * the host without consent.
 * @param settings what is known of them
 */
export function newRegistryProblems(settings: Settings): Problem[] {
  const sensitive = keep(() => sensitiveFolderProblems(settings));
  // Who owns a folder that it must not have is no question.
  return sensitive.length > 0 ? sensitive : keep(() => [rootProblem(settings, 2) ?? []].flat());
}
