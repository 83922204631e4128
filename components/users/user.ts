import { z } from "zod";

/** bcrypt uses the first 72 bytes only, so a longer password would be weaker than it looks. */
const longestPasswordBytes = 72;
/** bcrypt's cost is a power of two; the registry hashes with every request. */
const cheapest = 4;
const dearest = 15;

/** A user's name: the part of an htpasswd line before the colon. */
export const userName = z.string().superRefine((name, context) => {
  const problem = nameProblem(name);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

const password = z
  .string()
  .min(1, "is empty")
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL ends the text for bcrypt
  .refine((text) => !/\u0000/.test(text), "holds a NUL character")
  .refine(
    (text) => Buffer.byteLength(text) <= longestPasswordBytes,
    `is longer than ${longestPasswordBytes} bytes, of which bcrypt would ignore the rest`,
  )
  .meta({ secret: true });

const hash = z
  .string()
  .superRefine((text, context) => {
    const problem = hashProblem(text);
    if (problem) context.addIssue({ code: "custom", message: problem });
  })
  .meta({ secret: true });

/** What a user's password is: exactly one of `password`, `generated` and `hash`. */
export const user = z
  .strictObject({
    password: password.optional().describe("A password that a person chose; at most 72 bytes."),
    generated: z
      .literal(true)
      .optional()
      .describe("Let the kit make a password of 160 random bits; npm run password prints it."),
    generation: z.int().min(1).optional().describe("For a generated password: raise it to make a new one."),
    hash: hash.optional().describe("A bcrypt hash ($2a$, $2b$ or $2y$), made elsewhere."),
    cost: z
      .int()
      .min(cheapest)
      .max(dearest)
      .optional()
      .describe(
        "bcrypt cost of the hash made here. Default: 10, and 4 for a generated password. One more halves the requests per second.",
      ),
  })
  .superRefine((given, context) => {
    const ways = (["password", "generated", "hash"] as const).filter((way) => given[way] !== undefined);
    if (ways.length !== 1) {
      const seen = ways.length === 0 ? "names no password" : `names ${ways.join(" and ")}`;
      context.addIssue({ code: "custom", message: `${seen}; give exactly one of password, generated: true and hash.` });
    }
    if (given.hash !== undefined && given.cost !== undefined) {
      context.addIssue({ code: "custom", path: ["cost"], message: "is part of the hash already; leave it out." });
    }
    if (given.generated === undefined && given.generation !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["generation"],
        message: "counts generated passwords only; leave it out.",
      });
    }
  });

export type User = z.infer<typeof user>;

function nameProblem(name: string): string | undefined {
  const given = JSON.stringify(name);
  if (name === "") return "a user's name is empty.";
  if (name.includes(":"))
    return `user ${given}: a name can't hold a colon, which ends it in htpasswd and in HTTP's basic authentication.`;
  if (/\p{Cc}/u.test(name)) return `user ${given}: a name can't hold control characters.`;
  if (name.trim() !== name) return `user ${given}: a name can't begin or end with a space.`;
  // The registry takes such a line of htpasswd for a comment.
  if (name.startsWith("#")) return `user ${given}: a name can't begin with "#".`;
  if (Buffer.byteLength(name) > 255) return `user ${given}: a name has 255 bytes at most.`;
  return undefined;
}

/** Says which kind of hash it is, never the hash. */
function hashProblem(text: string): string | undefined {
  if (/^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/.test(text)) return undefined;
  const kinds: [string, string][] = [
    ["$apr1$", "an MD5 hash of Apache"],
    ["{SHA}", "a SHA-1 hash"],
    ["$1$", "an MD5 hash"],
    ["$5$", "a SHA-256 hash"],
    ["$6$", "a SHA-512 hash"],
    ["$argon2", "an Argon2 hash"],
    ["$2", "a bcrypt hash that is cut off or of an unknown version"],
  ];
  const kind = kinds.find(([prefix]) => text.startsWith(prefix))?.[1] ?? "no hash that is known here";
  return `is ${kind}; the registry takes bcrypt only ($2a$, $2b$, $2y$): htpasswd -nB NAME.`;
}
