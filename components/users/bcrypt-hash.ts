import { z } from "zod";

/**
 * bcrypt's cost: the work doubles with every step, and the registry does it for every request of the user. Measured
 * with two cores: cost 12: 8 requests/s, 10: 33, 5: 637.
 */
export const bcryptCost = z
  .int({ error: "must be a whole number" })
  .min(4, { error: "must be 4 or more: bcrypt has nothing lower" })
  .max(15, { error: "must be 15 or less: the registry verifies the password in every request, at 15 for 2 seconds" });

/** A finished bcrypt hash: `$2a$`, `$2b$` or `$2y$`, all of which the registry takes. Messages never hold any of it. */
export const bcryptHash = z.string({ error: "must be text" }).superRefine((hash, context) => {
  const problem = hashProblem(hash);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

const remedy = "The registry verifies bcrypt only: make one with htpasswd -nB, or give the password";

function hashProblem(hash: string): string | undefined {
  const [, cost] = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash) ?? [];
  if (cost !== undefined) {
    const issue = bcryptCost.safeParse(Number(cost)).error?.issues[0];
    return issue && `has the cost ${cost}, which ${issue.message}`;
  }
  const inner = hash
    .trim()
    .replace(/^(["'`])(.*)\1$/s, "$2")
    .trim();
  if (inner !== hash && hashProblem(inner) === undefined)
    return `is a hash with ${surroundings(hash)} around it: leave them out`;
  if (/^\$\$2[abxy]?\$\$/.test(inner)) return "has each dollar sign twice, as Docker Compose wants it: write each once";
  if (/^\\\$2/.test(inner)) return "has backslashes before its dollar signs, as a shell wants it: leave them out";
  if (/^\{(crypt|bcrypt|blf-crypt)\}/i.test(inner))
    return "has the kind of the hash in braces before it: leave that out";
  if (/^[^:$]+:\$2/.test(hash)) return "is a whole line of an htpasswd file: give what follows the colon";
  if (/^\$2[abxy]?\$/.test(hash)) {
    return "is no complete bcrypt hash: it has 60 characters and begins with $2a$, $2b$ or $2y$";
  }
  const kind = otherKinds.find(([beginning]) => beginning.test(hash))?.[1];
  return kind ? `is ${kind}. ${remedy}` : `is no bcrypt hash. ${remedy}`;
}

function surroundings(hash: string): string {
  if (/^\s*["'`]/.test(hash)) return "quotes that belong to the text";
  return /[\r\n]/.test(hash) ? 'line ends (write it on the line of its key, without "|")' : "blanks";
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
