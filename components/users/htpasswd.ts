import * as pulumi from "@pulumi/pulumi";

/** One user: exactly one of `password`, `generated` and `hash`. */
export interface UserArgs {
  /** A password that a person chose, 72 bytes at most; treated as a secret. A change makes a new hash. */
  password?: pulumi.Input<string> | undefined;
  /** Let the kit make a password of 160 random bits. It is kept until `generation` is raised. */
  generated?: true | undefined;
  /** Raise it to make a new generated password. Default: 1. */
  generation?: number | undefined;
  /** A bcrypt hash made elsewhere; treated as a secret. */
  hash?: pulumi.Input<string> | undefined;
  /** bcrypt's cost. Default: 10, and 4 for a generated password. The registry hashes with every request. */
  cost?: number | undefined;
}

export interface HtpasswdArgs {
  /** Name -> user. Users come and go in place; the others keep their hashes. */
  users: Record<string, UserArgs>;
}

/** The users of a registry, as the htpasswd file that it reads: bcrypt only, a line a user. */
export class Htpasswd extends pulumi.CustomResource {
  /** Text of the file; secret. */
  declare readonly htpasswd: pulumi.Output<string>;
  /** Name -> password, where it is known here; secret. */
  declare readonly passwords: pulumi.Output<Record<string, string>>;
  /** Sorted. */
  declare readonly userNames: pulumi.Output<string[]>;

  constructor(name: string, { users }: HtpasswdArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = Object.fromEntries(Object.entries(users).map(([user, given]) => [user, secretParts(given)]));
    const outputs = { htpasswd: undefined, passwords: undefined, userNames: undefined, known: undefined };
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["htpasswd", "passwords", "known"] }, opts);
    super("registry-kit:users:Htpasswd", name, { users: inputs, ...outputs }, options);
  }
}

function secretParts(user: UserArgs): UserArgs {
  return {
    ...user,
    ...(user.password === undefined ? {} : { password: pulumi.secret(user.password) }),
    ...(user.hash === undefined ? {} : { hash: pulumi.secret(user.hash) }),
  };
}
