import { z } from "zod";
import { bcryptCost, bcryptHash } from "./bcrypt-hash.ts";

/**
 * What names an account: what HTTP basic authentication can carry (RFC 7617) and the registry's htpasswd parser reads
 * back (`parseHTPasswd` in registry/auth/htpasswd of distribution).
 */
export const userName = z.string().superRefine((name, context) => {
  const reasons = [
    name === "" && "is empty: a user needs a name",
    name === "__proto__" && "__proto__ is a name that cannot be used here: choose another",
    name.includes(":") && "must not hold a colon, which ends the name in HTTP basic authentication",
    /\p{Cc}/u.test(name) && "must not hold control characters",
    name !== name.trim() && "must not begin or end with white space",
    name.startsWith("#") && 'must not begin with "#", which begins a comment in an htpasswd file',
    Buffer.byteLength(name) > 255 && "must be 255 bytes at most",
  ];
  for (const reason of reasons) if (reason) context.addIssue({ code: "custom", message: `user name ${reason}` });
});

/** A password that bcrypt takes whole and that clients can send. Messages never hold any of it. */
export const password = z.string({ error: "must be text" }).superRefine((text, context) => {
  const bytes = Buffer.byteLength(text);
  const reasons = [
    text === "" && "must not be empty",
    bytes > 72 && `must be 72 bytes in UTF-8 at most, as bcrypt ignores what follows; it has ${bytes}`,
    /^\p{Zs}|\p{Zs}$/u.test(text) && "must not begin or end with a blank, which docker login cuts off",
    /\p{Cc}/u.test(text) && "must not hold control characters such as line ends, which clients can't send",
  ];
  for (const reason of reasons) if (reason) context.addIssue({ code: "custom", message: reason });
});

/** How one user proves who they are: exactly one of `password`, `generated` and `hash`. */
export const user = z
  .strictObject(
    {
      password: password.meta({ secret: true }).optional().describe("A password that you choose, at most 72 bytes."),
      generated: z
        .literal(true, { error: "must be true, or left out" })
        .optional()
        .describe("Let the kit generate a password of 160 random bits. npm run password prints it."),
      generation: z
        .int({ error: "must be a whole number" })
        .min(1, { error: "must be 1 or more" })
        .optional()
        .describe("For a generated password: raise it to get a new one."),
      hash: bcryptHash.meta({ secret: true }).optional().describe("A bcrypt hash ($2a$, $2b$ or $2y$) that you bring."),
      cost: bcryptCost
        .optional()
        .describe(
          "bcrypt cost of the hash that the kit makes. Default: 10, or 4 for a generated password. Each step halves the requests per second.",
        ),
    },
    {
      error: (issue) =>
        issue.code === "invalid_type" ? "must be one of { password }, { generated: true } and { hash }" : undefined,
    },
  )
  .superRefine(({ password, generated, generation, hash, cost }, context) => {
    const refuse = (message: string, path: string[] = []) => context.addIssue({ code: "custom", message, path });
    if ([password, generated, hash].filter((way) => way !== undefined).length !== 1) {
      refuse("must have exactly one of password, generated and hash");
    }
    if (generation !== undefined && !generated) refuse("counts generated passwords only: leave it out", ["generation"]);
    if (cost !== undefined && hash !== undefined) refuse("is part of the hash: leave it out", ["cost"]);
  });

/** Users by name, at least one. */
export const users = z
  .record(userName, user, { error: "must be a map of user names" })
  .refine((given) => Object.keys(given).length > 0, { error: "must name at least one user" });

export type User = z.infer<typeof user>;
export type Users = z.infer<typeof users>;
