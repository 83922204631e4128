import type { Problem } from "../../lib/validation/describe-issues.ts";
import { hasRegistry, type Settings } from "../settings/settings.ts";
import { hostFolderProblems } from "./host-folder-problems.ts";
import { linkedFolderProblems } from "./linked-folder-problems.ts";

/**
 * Folders of the host that no container should have, by the settings and by the links and disks of this machine. A new registry is
 * refused with one; an earlier one runs on, and its preview warns.
 */
export function sensitiveFolderProblems(settings: Settings): Problem[] {
  if (!hasRegistry(settings)) return [];
  const named = hostFolderProblems(settings);
  return named.length > 0 ? named : linkedFolderProblems(settings);
}
