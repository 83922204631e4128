import { z } from "zod";

/** A host and a port; the port is sshd's. */
export const sshPlace = z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65535).default(22) });

/** How to get into a node: as whom, with what, on which way. What changes here moves no files. */
export const sshLogin = z.strictObject({
  user: z.string().min(1).default("root"),
  /** `~` is the home folder of who runs the kit. Default: the ssh agent, then the keys that OpenSSH would try. */
  privateKeyFile: z.string().min(1).optional(),
  /** Of that key. Secret. */
  passphrase: z.string().min(1).optional(),
  /** Default: `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`. */
  knownHosts: z.string().min(1).optional(),
  /** A host on the way, logged in to with the same keys. */
  jump: z.strictObject({ ...sshPlace.shape, user: z.string().min(1).default("root") }).optional(),
  /** Whether root's rights come from sudo. */
  sudo: z.boolean().default(false),
  /** What sudo asks for. Secret; goes to sudo's standard input. */
  sudoPassword: z.string().min(1).optional(),
  /** Seconds to wait for a connection. */
  timeout: z.int().min(1).max(600).default(15),
});

export type SshPlace = z.infer<typeof sshPlace>;
export type SshLogin = z.infer<typeof sshLogin>;

export const defaultLogin: SshLogin = sshLogin.parse({});

/** The login for work on a node. The files of rootless clients are the user's own: root would write where links of that user's lead. */
export function loginFor({ login, rootless }: { login?: SshLogin | undefined; rootless?: boolean | undefined }) {
  return login && rootless ? { ...login, sudo: false } : login;
}
