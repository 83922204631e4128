import * as pulumi from "@pulumi/pulumi";

/** How one user proves who they are: exactly one of `password`, `generated` and `hash`. */
export interface UserArgs {
  /**
   * A password that somebody chose: 1 to 72 bytes in UTF-8, without control characters; kept as a secret. A new one is
   * hashed again, an unchanged one keeps its hash.
   */
  password?: pulumi.Input<string> | undefined;
  /** A random password of 27 letters and digits (160 bits), kept until `generation` is raised. */
  generated?: true | undefined;
  /**
   * A whole number from 1 on; raising it makes a new generated password. Lowering it does nothing.
   * @default 1
   */
  generation?: number | undefined;
  /** A finished bcrypt hash, as `htpasswd -nB` prints it behind the colon: `$2a$`, `$2b$` or `$2y$`; kept as a secret. */
  hash?: pulumi.Input<string> | undefined;
  /**
   * bcrypt's cost, 4 to 15, of the hash that is made here; the registry does that work in every request. A change hashes
   * the same password again.
   * @default 10 for a chosen password (33 requests/s with two cores), 4 for a generated one, which nobody guesses anyway
   */
  cost?: number | undefined;
}

export interface HtpasswdArgs {
  /**
   * Users by name, at least one. A name has 1 to 255 bytes: no colon, no control characters, no white space at its ends,
   * no `#` at its beginning. Users are added, changed and removed in place; the others keep their hashes.
   */
  users: Record<string, UserArgs>;
}

/**
 * The users of a registry, as an htpasswd file with bcrypt hashes; all else the registry does not accept.
 *
 * Passwords and hashes are secrets in the stack's state. All problems of all users are reported at once, at preview, and no
 * message holds a password or a hash.
 *
 * @example
 * ```ts
 * import { Htpasswd } from "registry-kit";
 *
 * const users = new Htpasswd("users", { users: { ann: { generated: true }, ci: { generated: true, generation: 2 } } });
 * export const passwords = users.passwords;
 * ```
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

function withSecrets(user: UserArgs): UserArgs {
  return {
    ...user,
    ...(user.password === undefined ? {} : { password: pulumi.secret(user.password) }),
    ...(user.hash === undefined ? {} : { hash: pulumi.secret(user.hash) }),
  };
}
