import { statSync } from "node:fs";
import type { RegistryDefaults } from "../../components/registry/registry-defaults.ts";
import { isLocalSocket } from "../../lib/docker/docker-host.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";
import { hostFolder } from "../storage/host-folder.ts";

/**
 * What is wrong with the user of a registry that has a folder of the host: root without consent, or nobody in particular, as
 * only the folder's owner says who can write it.
 */
export function rootProblem(settings: Settings, defaults: RegistryDefaults): Problem | undefined {
  const folder = hostFolder(settings);
  if (!folder) return undefined;
  const [section, { user, root } = {}] = settings.service
    ? (["service", settings.service] as const)
    : (["container", settings.container] as const);
  if (root === "i-understand") return undefined;
  const owner = ownerOf(settings, folder.path);
  const choose = `Set ${section}.user to the owner of the folder (${owner ?? `stat -c %u:%g ${folder.path}`})`;
  const isRoot = /^0+:/.test(user ?? "");
  if (user === undefined && defaults !== 1) {
    const reason = `is not set, and the images are in the folder ${folder.path} of the host, which the registry must be able to write. ${choose}; for root set it to 0:0 and ${section}.root to i-understand.`;
    return { path: `${section}.user`, reason };
  }
  if (user !== undefined && !isRoot) return undefined;
  const reason = `is not set, and the registry runs as root on the folder ${folder.path} of the host: anyone who breaks into it can leave programs there that run as root. ${choose}, or set ${section}.root to i-understand.`;
  return { path: `${section}.root`, reason };
}

/** Of a folder of this machine, where that is the Docker host. */
function ownerOf({ docker }: Settings, path: string): string | undefined {
  if (!isLocalSocket(docker)) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.uid === 0) return undefined;
  return `${found.uid}:${found.gid}`;
}
