import { z } from "zod";

/** A host and a port; the port is sshd's. */
export const sshPlace = z.strictObject({
  host: z.string().min(1).describe("Name or address of the host."),
  port: z.int().min(1).max(65535).default(22).describe("Port of its sshd."),
});

/** How to get into a node: as whom, with what, on which way. What changes here moves no files. */
export const sshLogin = z.strictObject({
  user: z.string().min(1).default("root").describe("Who logs in."),
  privateKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Private key; ~ is the home folder of the user who runs the kit. Default: the ssh agent, then the keys that OpenSSH would try.",
    ),
  passphrase: z.string().min(1).meta({ secret: true }).optional().describe("Passphrase of that key."),
  knownHosts: z
    .string()
    .min(1)
    .optional()
    .describe("File with host keys. Default: ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts."),
  jump: z
    .strictObject({ ...sshPlace.shape, user: z.string().min(1).default("root").describe("Who logs in there.") })
    .optional()
    .describe("A host on the way, with the same keys."),
  sudo: z.boolean().default(false).describe("Whether root's rights come from sudo."),
  sudoPassword: z
    .string()
    .min(1)
    .meta({ secret: true })
    .optional()
    .describe("What sudo asks for; goes to its standard input."),
  timeout: z.int().min(1).max(600).default(15).describe("Seconds to wait for a connection."),
});

export type SshPlace = z.infer<typeof sshPlace>;
export type SshLogin = z.infer<typeof sshLogin>;

export const defaultLogin: SshLogin = sshLogin.parse({});

/** The login for work on a node. The files of rootless clients are the user's own: root would write where links of that user's lead. */
export function loginFor({ login, rootless }: { login?: SshLogin | undefined; rootless?: boolean | undefined }) {
  return login && rootless ? { ...login, sudo: false } : login;
}
