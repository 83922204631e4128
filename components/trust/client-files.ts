import { posix } from "node:path";
import { caFile, defaultCertsDirectory } from "./certs-directory.ts";
import type { ClientName } from "./client-name.ts";
import { registryName } from "./registry-name.ts";
import type { GoalFile } from "./trust-goal.ts";

/** What the clients of a node must know of a registry. */
export interface ClientTrust {
  hosts: string[];
  port: number;
  /** PEM; undefined: not known yet. Not used where the registry speaks plain HTTP. */
  certificatePem: string | undefined;
  /** The registry speaks plain HTTP. For Docker that is a matter of daemon.json, not of a file here. */
  insecure: boolean;
  /** Registry -> URLs of its mirrors. For Docker that is a matter of daemon.json, too. */
  mirrors: Record<string, string[]>;
  /** Docker's. */
  certsDirectory: string;
  /** The clients run as the user who logs in, not as root. */
  rootless: boolean;
}

/** The files for some clients, and the folders below which they are. */
export function clientFiles(
  clients: readonly ClientName[],
  trust: ClientTrust,
  home: string,
): { roots: string[]; files: GoalFile[] } {
  const parts = clients.map((client) => filesOf[client](trust, home));
  return { roots: [...new Set(parts.flatMap(({ roots }) => roots))], files: parts.flatMap(({ files }) => files) };
}

type ClientFiles = (trust: ClientTrust, home: string) => { roots: string[]; files: GoalFile[] };

const filesOf: Record<ClientName, ClientFiles> = {
  docker(trust, home) {
    const { rootless, certsDirectory } = trust;
    const isUsual = certsDirectory === defaultCertsDirectory;
    const root = rootless && isUsual ? posix.join(home, ".config/docker/certs.d") : certsDirectory;
    return { roots: [root], files: authorityFiles(root, trust) };
  },

  containerd(trust, home) {
    const root = trust.rootless ? posix.join(home, ".config/containerd/certs.d") : "/etc/containerd/certs.d";
    const hostsFile = (name: string, lines: string[]) =>
      configuration(posix.join(root, name, "hosts.toml"), [...lines, ""].join("\n"));
    const names = registryNames(trust);
    const [first = ""] = names;
    const ca = (name: string) => `ca = ${JSON.stringify(posix.join(root, name, "ca.crt"))}`;
    // The table repeats what stands above it: containerd 1.6 refuses a file without one (`getSortedHosts` in its
    // remotes/docker/config/hosts.go), and each version asks the server itself last.
    const own = names.map((name) => {
      const url = `${trust.insecure ? "http" : "https"}://${name}`;
      const trusted = trust.insecure ? [] : [ca(name)];
      const table = ['capabilities = ["pull", "resolve", "push"]', ...trusted].map((line) => `  ${line}`);
      return hostsFile(name, [`server = "${url}"`, ...trusted, "", `[host.${JSON.stringify(url)}]`, ...table]);
    });
    const mirrored = Object.entries(trust.mirrors).map(([registry, urls]) => {
      const hosts = urls.flatMap((url) => {
        // A cache beside the registry has another port, and a certificate of the same authority.
        const isOwn = names.some((name) => hostOf(`https://${name}`) === hostOf(url));
        const trusted = isOwn && !trust.insecure ? [`  ${ca(first)}`] : [];
        return ["", `[host.${JSON.stringify(url)}]`, '  capabilities = ["pull", "resolve"]', ...trusted];
      });
      return hostsFile(registry, [`server = "https://${serverOf(registry)}"`, ...hosts]);
    });
    return { roots: [root], files: [...authorityFiles(root, trust), ...own, ...mirrored] };
  },

  podman(trust, home) {
    const base = trust.rootless ? posix.join(home, ".config/containers") : "/etc/containers";
    const [certs, dropIns] = [posix.join(base, "certs.d"), posix.join(base, "registries.conf.d")];
    const dropIn = (name: string, lines: string[]) =>
      configuration(
        posix.join(dropIns, `registry-kit-${name.replace(/[^\w.-]/g, "_")}.conf`),
        [...lines, ""].join("\n"),
      );
    const insecure = registryNames(trust)
      .filter(() => trust.insecure)
      .map((name) => dropIn(name, ["[[registry]]", `location = "${name}"`, "insecure = true"]));
    const mirrored = Object.entries(trust.mirrors).map(([registry, urls]) =>
      dropIn(`mirrors-of-${registry}`, [
        "[[registry]]",
        `location = "${registry}"`,
        ...urls.flatMap((url) => {
          const { host, protocol } = new URL(url);
          return [
            "",
            "[[registry.mirror]]",
            `location = "${host}"`,
            ...(protocol === "http:" ? ["insecure = true"] : []),
          ];
        }),
      ]),
    );
    const files = [...authorityFiles(certs, trust), ...insecure, ...mirrored];
    return { roots: insecure.length + mirrored.length > 0 ? [certs, dropIns] : [certs], files };
  },
};

function authorityFiles(root: string, { hosts, port, certificatePem, insecure }: ClientTrust): GoalFile[] {
  if (insecure) return [];
  const content = certificatePem === undefined ? undefined : `${certificatePem.trimEnd()}\n`;
  const paths = [...new Set(hosts.map((host) => caFile(root, host, port)))];
  return paths.map((path) => ({ path, content, kind: "certificates" }));
}

function configuration(path: string, content: string): GoalFile {
  return { path, content, kind: "configuration" };
}

function registryNames({ hosts, port }: ClientTrust): string[] {
  return [...new Set(hosts.map((host) => registryName(host, port)))];
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

/** Docker Hub answers under another name than that in image names. */
function serverOf(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}
