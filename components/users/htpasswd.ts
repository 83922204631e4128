import * as pulumi from "@pulumi/pulumi";

/**
 * How a user proves who they are: one of
 * - `password`: a password that somebody chose, 1 to 72 bytes in UTF-8, without control characters. A new one is hashed
 *   anew; an unchanged one keeps its hash.
 * - `generated: true`: a random password of 22 letters and digits (130 bits), kept until `generation` (1 unless given) is raised.
 * - `hash`: a finished bcrypt hash, `$2a$`, `$2b$` or `$2y$`, as `htpasswd -nB` prints it behind the colon.
 *
 * `cost` is bcrypt's, 4 to 14; the registry does that work in every request. By default 10 for a chosen password
 * (measured with two cores: 33 requests/s) and 4 for a generated one, which can't be guessed anyway. A change hashes the
 * same password anew.
 */
export type HtpasswdUser =
  | { password: pulumi.Input<string>; cost?: pulumi.Input<number> }
  | { generated: true; generation?: pulumi.Input<number>; cost?: pulumi.Input<number> }
  | { hash: pulumi.Input<string> };

export interface HtpasswdArgs {
  /**
   * Users by name, at least one. A name has 1 to 255 bytes: no colon, no control characters, no white space at its ends,
   * no `#` at its beginning. Users are added, changed and removed in place; the others keep their hashes.
   */
  users: Record<string, HtpasswdUser>;
}

/**
 * The users of a registry, as an htpasswd file with bcrypt hashes; all else the registry does not accept.
 *
 * Passwords and hashes are secrets in the stack's state. All problems of all users are reported at once, at preview, and no
 * message holds a password or a hash.
 */
export class Htpasswd extends pulumi.CustomResource {
  /** The file: a line `name:hash` for each user, sorted by name, a newline at the end; a secret. */
  declare readonly htpasswd: pulumi.Output<string>;
  /** bcrypt hashes by user name; a secret. */
  declare readonly hashes: pulumi.Output<Record<string, string>>;
  /** Plain passwords by user name, given and generated ones; a user given by hash has none here. A secret. */
  declare readonly passwords: pulumi.Output<Record<string, string>>;
  /** Sorted. */
  declare readonly userNames: pulumi.Output<string[]>;

  constructor(name: string, args: HtpasswdArgs, opts?: pulumi.CustomResourceOptions) {
    const users = Object.fromEntries(Object.entries(args.users).map(([user, given]) => [user, withSecrets(given)]));
    const outputs = { htpasswd: undefined, hashes: undefined, passwords: undefined, userNames: undefined };
    const secrets = { additionalSecretOutputs: ["htpasswd", "hashes", "passwords"] };
    super("registry-kit:users:Htpasswd", name, { ...outputs, users }, pulumi.mergeOptions(opts, secrets));
  }
}

function withSecrets(user: HtpasswdUser): HtpasswdUser {
  if ("password" in user) return { ...user, password: pulumi.secret(user.password) };
  return "hash" in user ? { ...user, hash: pulumi.secret(user.hash) } : user;
}
