/** A machine without a Docker engine that answers. */
export interface Machine {
  /** Node's `process.platform`: `linux`, `darwin`, `win32`. */
  platform: string;
  /** `ID` and `ID_LIKE` of /etc/os-release: `["ubuntu", "debian"]`. */
  family: readonly string[];
  root: boolean;
  systemd: boolean;
  /** Whether dockerd is there and only does not run. */
  installed: boolean;
}

/** What a user types on that machine to have a Docker engine. */
export function dockerCommands({ platform, family, root, systemd, installed }: Machine): string {
  if (platform === "darwin") return installed ? "colima start" : "brew install colima docker && colima start";
  if (platform === "win32") return "winget install Docker.DockerDesktop, then start Docker Desktop";
  const sudo = root ? "" : "sudo ";
  const start = family.includes("alpine")
    ? "rc-service docker start"
    : systemd
      ? "systemctl enable --now docker"
      : "dockerd &";
  if (installed) return sudo + start;
  const install = Object.entries(installCommands).find(([name]) => family.includes(name))?.[1];
  if (!install) return "the steps for your system in https://docs.docker.com/engine/install/";
  return [...install, start].map((command) => sudo + command).join(" && ");
}

const installCommands: Record<string, string[]> = {
  debian: ["apt-get update", "apt-get install -y docker.io iptables"],
  ubuntu: ["apt-get update", "apt-get install -y docker.io iptables"],
  fedora: ["dnf install -y moby-engine docker-cli"],
  alpine: ["apk add docker"],
  arch: ["pacman -S --noconfirm docker"],
  suse: ["zypper --non-interactive install docker"],
};
