import { readFileSync, realpathSync } from "node:fs";
import { dockerHostText, isLocalSocket } from "../../lib/docker/docker-host.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";
import { hostFolders } from "./host-folder.ts";
import { folderProblem } from "./host-folder-problems.ts";

/**
 * Folders of this machine that lead, by symbolic links, to where no container may look; and disks that the system is on. Of another
 * machine only the path is known.
 */
export function linkedFolderProblems(settings: Settings): Problem[] {
  const { docker, storage } = settings;
  if (!isLocalSocket(docker)) return [];
  const socket = dockerHostText(docker).replace(/^unix:\/\//, "");
  const sockets = [socket, real(socket) ?? socket];
  const linked = hostFolders(settings).flatMap((folder) => {
    const found = real(folder.path) ?? folder.path;
    return folderProblem(folder, found, sockets);
  });
  return [...linked, ...diskProblems(storage)];
}

/** A disk can be mounted twice, and then a container has all of it. */
function diskProblems(storage: Settings["storage"]): Problem[] {
  if (!("volume" in storage)) return [];
  const { driver = "local", driverOptions: { device = "" } = {} } = storage.volume;
  if (driver !== "local" || !device.startsWith("/dev/")) return [];
  const disk = real(device) ?? device;
  const setting = "storage.volume.driverOptions";
  return mounts()
    .filter(({ source, target }) => !isVolume(target) && (source === device || (real(source) ?? source) === disk))
    .flatMap(({ target }) => folderProblem({ path: device, setting }, target, []))
    .slice(0, 1);
}

/** Where Docker itself mounts a volume while a container has it: such as this very one. */
function isVolume(target: string): boolean {
  return /\/volumes\/[^/]+\/_data$/.test(target);
}

function mounts(): { source: string; target: string }[] {
  try {
    const lines = readFileSync("/proc/self/mounts", "utf8").split("\n");
    return lines.map((line) => line.split(" ")).map(([source = "", target = ""]) => ({ source, target }));
  } catch {
    return []; // no Linux
  }
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // what is not there is reported elsewhere
  }
}
