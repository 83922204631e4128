import { z } from "zod";

/**
 * What names an account: what HTTP basic authentication can carry (RFC 7617) and the registry's htpasswd parser reads
 * back (`parseHTPasswd` in registry/auth/htpasswd of distribution).
 */
export const userNameSchema = z.string().superRefine((name, context) => {
  const reasons = [
    name === "" && "is empty: a user needs a name",
    name.includes(":") && "must not hold a colon, which ends the name in HTTP basic authentication",
    /\p{Cc}/u.test(name) && "must not hold control characters",
    name !== name.trim() && "must not begin or end with white space",
    name.startsWith("#") && 'must not begin with "#", which begins a comment in an htpasswd file',
    Buffer.byteLength(name) > 255 && "must be 255 bytes at most",
  ];
  for (const reason of reasons) if (reason) context.addIssue({ code: "custom", message: `user name ${reason}` });
});

/** A password that bcrypt takes whole and that clients can send. Messages never hold any of it. */
export const passwordSchema = z.string({ error: "must be text" }).superRefine((password, context) => {
  const bytes = Buffer.byteLength(password);
  const reasons = [
    password === "" && "must not be empty",
    bytes > 72 && `must be 72 bytes in UTF-8 at most, as bcrypt ignores what follows; it has ${bytes}`,
    /\p{Cc}/u.test(password) && "must not hold control characters such as line ends, which clients can't send",
  ];
  for (const reason of reasons) if (reason) context.addIssue({ code: "custom", message: reason });
});

/**
 * bcrypt's cost: the work doubles with every step, and the registry does it for every request of the user. Measured
 * with two cores: cost 12: 8 requests/s, 10: 33, 5: 637.
 */
export const costSchema = z
  .int({ error: "must be a whole number" })
  .min(4, { error: "must be 4 or more: bcrypt has nothing lower" })
  .max(14, {
    error: "must be 14 or less: the registry verifies the password in every request, at 14 for about a second",
  });

/** A finished bcrypt hash: `$2a$`, `$2b$` or `$2y$`, all of which the registry takes. Messages never hold any of it. */
export const bcryptHashSchema = z.string({ error: "must be text" }).superRefine((hash, context) => {
  const problem = hashProblem(hash);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

const remedy = "The registry verifies bcrypt only: make one with htpasswd -nB, or give the password";

function hashProblem(hash: string): string | undefined {
  const [, cost] = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash) ?? [];
  if (cost !== undefined) {
    const issue = costSchema.safeParse(Number(cost)).error?.issues[0];
    return issue && `has the cost ${cost}, which ${issue.message}`;
  }
  if (/^[^:$]+:\$2/.test(hash)) return "is a whole line of an htpasswd file: give what follows the colon";
  if (/^\$2[abxy]?\$/.test(hash))
    return "is no complete bcrypt hash: it has 60 characters and begins with $2a$, $2b$ or $2y$";
  const kind = otherKinds.find(([beginning]) => beginning.test(hash))?.[1];
  return kind ? `is ${kind}. ${remedy}` : `is no bcrypt hash. ${remedy}`;
}

const otherKinds: [beginning: RegExp, kind: string][] = [
  [/^\$apr1\$/, "Apache's MD5 ($apr1$)"],
  [/^\{SHA\}/i, "a SHA-1 hash ({SHA})"],
  [/^\{SSHA\}/i, "a salted SHA-1 hash ({SSHA})"],
  [/^\$1\$/, "an MD5 hash ($1$)"],
  [/^\$5\$/, "a SHA-256 hash ($5$)"],
  [/^\$6\$/, "a SHA-512 hash ($6$)"],
  [/^\$y\$/, "a yescrypt hash ($y$)"],
  [/^\$argon2/, "an Argon2 hash"],
];

/** How one user proves who they are: exactly one of a password, a generated password and a hash. */
export const userSchema = z
  .strictObject(
    {
      password: passwordSchema
        .meta({ secret: true })
        .optional()
        .describe("A password that a person chose; 72 bytes at most."),
      generated: z
        .literal(true, { error: "must be true, or left out" })
        .optional()
        .describe("Let the kit make a password of 130 random bits; npm run password prints it."),
      generation: z
        .int({ error: "must be a whole number" })
        .min(1, { error: "must be 1 or more" })
        .optional()
        .describe("For a generated password: raise it to make a new one."),
      hash: bcryptHashSchema
        .meta({ secret: true })
        .optional()
        .describe("A bcrypt hash ($2a$, $2b$ or $2y$) made elsewhere."),
      cost: costSchema
        .optional()
        .describe(
          "bcrypt cost of the hash made here. Default: 10, and 4 for a generated password. One more halves the requests per second.",
        ),
    },
    {
      error: (issue) =>
        issue.code === "invalid_type" ? "must be one of { password }, { generated: true } and { hash }" : undefined,
    },
  )
  .superRefine(({ password, generated, generation, hash, cost }, context) => {
    const given = [password, generated, hash].filter((way) => way !== undefined).length;
    const reasons = [
      given !== 1 && "must have exactly one of password, generated and hash",
      given === 1 && generation !== undefined && !generated && "has a generation, which only a generated password has",
      given === 1 && cost !== undefined && hash !== undefined && "has a hash, whose cost is part of it: leave cost out",
    ];
    for (const reason of reasons) if (reason) context.addIssue({ code: "custom", message: reason });
  });

/** Users by name, at least one. */
export const usersSchema = z
  .record(userNameSchema, userSchema, { error: "must be a map of user names" })
  .refine((users) => Object.keys(users).length > 0, { error: "must name at least one user" });

export type Users = z.infer<typeof usersSchema>;
export type User = z.infer<typeof userSchema>;
