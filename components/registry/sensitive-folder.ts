import { posix } from "node:path";

/**
 * Folders of a host that no container may get, with all that is in them: those of the CIS Docker Benchmark 1.6, item 5.6, and those of
 * programs, services, containers and root.
 */
const closed = [
  ..."/efi /nix /snap /var/snap/docker /var/lib/dpkg /var/lib/etcd /var/lib/snapd /var/lib/sudo /var/lib/systemd /var/spool/at".split(
    " ",
  ),
  ..."/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /sbin /sys /usr".split(" "),
  ..."/root /run /var/run /var/lib/docker /var/lib/containerd /var/lib/containers /var/lib/kubelet /var/spool/cron".split(
    " ",
  ),
];

/** Folders whose parts may be given, but not they themselves: everything of all users, or of all services, is in them. */
const tops = "/ /home /tmp /var /var/lib /var/log /var/spool /var/tmp".split(" ");

/**
 * Why a container must not have a folder of the host; undefined: it may.
 * @param path as a kernel reads it: `//` and a `/` at the end say nothing, `..` goes up. Symbolic links are not followed
 * @param sockets of the Docker daemon, for example `/var/run/docker.sock`
 */
export function sensitiveFolder(path: string, sockets: string[] = []): string | undefined {
  const folder = posix
    .normalize(`/${path}`)
    .replace(/^\/+|\/+$/g, "")
    .replace(/^/, "/");
  const inside = closed.find((place) => isWithin(folder, place));
  if (inside) {
    const what = folder === inside ? "a folder" : `inside of ${inside}, a folder`;
    return `${what} of the system, which a container must not have (CIS Docker Benchmark 5.6)`;
  }
  if (tops.includes(folder) || /^\/home\/[^/]+$/.test(folder)) {
    return "a folder with much of the system or of a user in it, which a container must not have (CIS Docker Benchmark 5.6)";
  }
  if (/\/\.(ssh|gnupg|docker|aws|azure|kube|config\/gcloud|password-store)(\/|$)/.test(folder))
    return "where a user keeps keys";
  // Docker and podman without root.
  if (/\/\.local\/share\/(docker|containers)(\/|$)/.test(folder)) return "where a user's containers are";
  if (folder.endsWith(".sock") || sockets.some((socket) => isWithin(posix.normalize(socket), folder))) {
    return "where a Docker socket is: anyone who has that is root on the host (CIS Docker Benchmark 5.32)";
  }
  return undefined;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
