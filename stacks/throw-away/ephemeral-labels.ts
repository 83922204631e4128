import { homedir } from "node:os";
import { registryLabel } from "../../components/files/layout.ts";
import { defaultCertsDirectory } from "../../components/trust/certs-directory.ts";
import { clientFiles } from "../../components/trust/client-files.ts";
import { clientNames } from "../../components/trust/client-name.ts";
import type { Settings } from "../settings/settings.ts";
import { stackLabel } from "./stack-label.ts";

/** The label that says when a throw-away stack was derived: ISO 8601, UTC. */
export const ephemeralLabel = "io.registry-kit.ephemeral";
/** The files that make this machine's daemon trust it, as a JSON list. */
export const trustLabel = "io.registry-kit.trust";
/** Common name of its certificate authority, for people who look at the labels. */
export const authorityLabel = "io.registry-kit.authority";

/**
 * What every Docker object of a throw-away stack carries, so that all of it can be found and removed without its state.
 * Other stacks have no such labels: the label of a volume can't change while it lives.
 */
export function ephemeralLabels(settings: Settings, stack: string): Record<string, string> {
  if (!settings.ephemeral) return {};
  const { tls } = settings;
  return {
    [stackLabel]: stack,
    [registryLabel]: settings.name,
    [ephemeralLabel]: settings.ephemeral.created,
    [trustLabel]: JSON.stringify(trustedFiles(settings)),
    ...(tls === "none" || tls.provided ? {} : { [authorityLabel]: tls.authority.commonName }),
  };
}

/** The ca.crt of every client that may have one. */
function trustedFiles({ tls, trust, hosts, port }: Settings): string[] {
  if (tls === "none" || trust === "none") return [];
  const {
    clients = ["docker"],
    rootless = false,
    certsDirectory = defaultCertsDirectory,
  } = typeof trust === "string" ? {} : trust;
  const files = { hosts, port, certificatePem: undefined, insecure: false, mirrors: {}, certsDirectory, rootless };
  const all = clientFiles(clients === "detect" ? clientNames : clients, files, homedir()).files;
  return all.flatMap(({ path, kind }) => (kind === "certificates" ? path : []));
}
