import { sensitiveFolder } from "../../components/registry/sensitive-folder.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";
import { type HostFolder, hostFolders } from "./host-folder.ts";

/** Folders of the host that no container may have, by what the settings say. */
export function hostFolderProblems(settings: Settings): Problem[] {
  const { url = "" } = settings.docker;
  const sockets = url.startsWith("unix://") ? [url.slice("unix://".length)] : [];
  return hostFolders(settings).flatMap((folder) => folderProblem(folder, folder.path, sockets));
}

/** @param found what the folder is, where symbolic links lead elsewhere */
export function folderProblem({ path, setting }: HostFolder, found: string, sockets: string[]): Problem[] {
  const reason = sensitiveFolder(found, sockets);
  if (!reason) return [];
  const place = found === path ? path : `${path}, which is ${found}`;
  const name = setting.endsWith("Options") ? `show ${place}` : `is ${place}`;
  return [{ path: setting, reason: `${name}, ${reason}. Choose a folder for images alone, like /srv/registry.` }];
}
