/** What decides what a Docker volume is: `docker volume create --driver DRIVER --opt KEY=VALUE`. */
export interface VolumeSource {
  driver?: string | undefined;
  driverOptions?: Record<string, string> | undefined;
}

/** File systems that a kernel makes of itself: mounted as a volume they are the host's. */
const kernelFileSystems =
  /^(proc|sysfs|devtmpfs|devpts|cgroup2?|bpf|tracefs|debugfs|securityfs|configfs|efivarfs|pstore|mqueue|fusectl)$/;

/** Options that name a file which the driver reads itself: `keyring`, `IdentityFile`, `credentials`, `config`. */
const ownFile = /key|identity|cred|secret|pass|conf|cert/i;

/** Whether the driver `local` binds a folder of the host (`o: bind`): such a volume is a bind mount under another name. */
export function boundFolder({ driver, driverOptions = {} }: VolumeSource): string | undefined {
  const { o = "", device } = driverOptions;
  const isBind = o.split(",").some((option) => /^r?bind$/.test(option.trim()));
  return isLocal(driver) && isBind ? device : undefined;
}

/** The folders of the host that a volume shows to a container, by its options. */
export function volumeFolders(volume: VolumeSource): string[] {
  const { driver, driverOptions = {} } = volume;
  if (!isLocal(driver)) {
    // `type: sftp` and the like (rclone): the paths are those of another machine.
    if (!/^(|local|none|bind|alias)$/.test(driverOptions.type ?? "")) return [];
    // A driver has its own words for the folder that it serves: `mountpoint`, `path`, or rclone's `remote: ":local:/images"`.
    return Object.entries(driverOptions).flatMap(([key, value]) =>
      ownFile.test(key) ? [] : (/^(?::?local:)?(\/.*)$/.exec(value)?.[1] ?? []),
    );
  }
  const { o = "", type = "", device = "" } = driverOptions;
  const bound = boundFolder(volume);
  // The layers of an overlay are folders of the host, several with colons between them.
  const layers = o
    .split(",")
    .flatMap((option) => /^(?:lowerdir\+?|upperdir|workdir|datadir\+?)=(.*)$/.exec(option)?.[1]?.split(":") ?? []);
  const kernel = kernelFileSystems.test(type)
    ? [type === "proc" ? "/proc" : type.startsWith("dev") ? "/dev" : "/sys"]
    : [];
  return [...(bound === undefined ? [] : [bound]), ...layers, ...kernel, ...blockDeviceFolder(type, device)];
}

/** Memory, and programs that look into it, are no disks. */
function blockDeviceFolder(type: string, device: string): string[] {
  return type !== "" && /^\/dev\/(mem|kmem|port|core)\b/.test(device) ? [device] : [];
}

function isLocal(driver: string | undefined): boolean {
  return driver === undefined || driver === "" || driver === "local";
}
