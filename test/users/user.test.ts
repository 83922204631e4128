import bcrypt from "bcryptjs";
import { describe, expect, it } from "vitest";
import { users } from "../../components/users/user.ts";
import { describeIssues } from "../../lib/validation/describe-issues.ts";
import { specialTexts } from "./special-text.ts";

const problems = (given: unknown) => {
  const { error } = users.safeParse(given);
  return error ? describeIssues(error).map(({ path, reason }) => `${path}: ${reason}`) : [];
};
const hash = bcrypt.hashSync("hunter2", 4);

describe("User names", () => {
  it.each(specialTexts)("may be %j", (name) => {
    expect(problems({ [name]: { generated: true } })).toEqual([]);
  });

  it.each([
    ["", "is empty: a user needs a name"],
    ["mo:by", "must not hold a colon, which ends the name in HTTP basic authentication"],
    ["mo\nby", "must not hold control characters"],
    ["mo\u0000by", "must not hold control characters"],
    ["mo\u0085by", "must not hold control characters"],
    [" moby", "must not begin or end with white space"],
    ["moby\u00a0", "must not begin or end with white space"],
    ["#moby", 'must not begin with "#", which begins a comment in an htpasswd file'],
    ["ü".repeat(128), "must be 255 bytes at most"],
  ])("may not be %j", (name, reason) => {
    expect(problems({ [name]: { generated: true } })).toEqual([`${name}: user name ${reason}`]);
  });
});

describe("Passwords", () => {
  it.each([...specialTexts, "a:b", "{a: b}", "ü".repeat(36)])("may be %j", (password) => {
    expect(problems({ moby: { password } })).toEqual([]);
  });

  it.each([
    ["", "must not be empty"],
    ["a".repeat(73), "must be 72 bytes in UTF-8 at most, as bcrypt ignores what follows; it has 73"],
    ["ü".repeat(37), "must be 72 bytes in UTF-8 at most, as bcrypt ignores what follows; it has 74"],
    [" a", "must not begin or end with a blank, which docker login cuts off"],
    ["a\u00a0", "must not begin or end with a blank, which docker login cuts off"],
    ["a\n", "must not hold control characters such as line ends, which clients can't send"],
    ["a\u0000b", "must not hold control characters such as line ends, which clients can't send"],
    [7, "must be text"],
  ])("may not be %j", (password, reason) => {
    expect(problems({ moby: { password } })).toEqual([`moby.password: ${reason}`]);
  });
});

describe("Hashes", () => {
  it.each(["2a", "2b", "2y"])("may be bcrypt's with the prefix %s", (prefix) => {
    expect(problems({ moby: { hash: hash.replace("2b", prefix) } })).toEqual([]);
  });

  const remedy = "The registry verifies bcrypt only: make one with htpasswd -nB, or give the password";
  const incomplete = "is no complete bcrypt hash: it has 60 characters and begins with $2a$, $2b$ or $2y$";
  it.each([
    ["$apr1$c2FsdA$abcdefghijklmnopqrstu0", `is Apache's MD5 ($apr1$). ${remedy}`],
    ["{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", `is a SHA-1 hash ({SHA}). ${remedy}`],
    ["{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", `is a salted SHA-1 hash ({SSHA}). ${remedy}`],
    ["$1$salt$hash", `is an MD5 hash ($1$). ${remedy}`],
    ["$5$salt$hash", `is a SHA-256 hash ($5$). ${remedy}`],
    ["$6$salt$hash", `is a SHA-512 hash ($6$). ${remedy}`],
    ["$y$j9T$salt$hash", `is a yescrypt hash ($y$). ${remedy}`],
    ["$argon2id$v=19$m=1,t=1,p=1$salt$hash", `is an Argon2 hash. ${remedy}`],
    ["hunter2", `is no bcrypt hash. ${remedy}`],
    ["", `is no bcrypt hash. ${remedy}`],
    [hash.slice(0, -1), incomplete],
    [`${hash}x`, incomplete],
    [`${hash}\n`, 'is a hash with line ends (write it on the line of its key, without "|") around it: leave them out'],
    [`  ${hash} `, "is a hash with blanks around it: leave them out"],
    [`"${hash}"`, "is a hash with quotes that belong to the text around it: leave them out"],
    [`'${hash}'\n`, "is a hash with quotes that belong to the text around it: leave them out"],
    [hash.replaceAll("$", "$$$$"), "has each dollar sign twice, as Docker Compose wants it: write each once"],
    [hash.replaceAll("$", "\\$"), "has backslashes before its dollar signs, as a shell wants it: leave them out"],
    [`{CRYPT}${hash}`, "has the kind of the hash in braces before it: leave that out"],
    [hash.replace("2b", "2x"), incomplete],
    [`moby:${hash}`, "is a whole line of an htpasswd file: give what follows the colon"],
    [
      hash.replace("$04$", "$16$"),
      "has the cost 16, which must be 15 or less: the registry verifies the password in every request, at 15 for 2 seconds",
    ],
    [hash.replace("$04$", "$03$"), "has the cost 03, which must be 4 or more: bcrypt has nothing lower"],
  ])("may not be %j", (given, reason) => {
    expect(problems({ moby: { hash: given } })).toEqual([`moby.hash: ${reason}`]);
  });
});

it.each([
  [{}, "must have exactly one of password, generated and hash"],
  [{ password: "a", generated: true }, "must have exactly one of password, generated and hash"],
  [{ generated: true, hash }, "must have exactly one of password, generated and hash"],
  ["hunter2", "must be one of { password }, { generated: true } and { hash }"],
])("refuses a user given as %j", (user, reason) => {
  expect(problems({ moby: user })).toEqual([`moby: ${reason}`]);
});

it.each([
  [{ generated: false }, "moby.generated: must be true, or left out"],
  [{ generated: true, generation: 0 }, "moby.generation: must be 1 or more"],
  [{ password: "a", generation: 2 }, "moby.generation: counts generated passwords only: leave it out"],
  [{ hash, cost: 10 }, "moby.cost: is part of the hash: leave it out"],
  [{ generated: true, cost: 3 }, "moby.cost: must be 4 or more: bcrypt has nothing lower"],
  [{ generated: true, cost: 4.5 }, "moby.cost: must be a whole number"],
  [{ generated: true, pasword: "hunter2" }, "moby.pasword: is not a setting."],
])("refuses the setting in %j", (user, problem) => {
  expect(problems({ moby: user })).toEqual([problem]);
});

it("refuses a map without users, and what is no map", () => {
  expect(problems({})).toEqual([": must name at least one user"]);
  expect(problems("moby")).toEqual([": must be a map of user names"]);
});

it("reports the problems of all users at once, and no password or hash in them", () => {
  const found = problems({
    "mo:by": { generated: true },
    gordon: { password: "hunter2".repeat(11) },
    ada: { hash: "{SHA}hunter2" },
    alan: { password: "hunter2\n", cost: 99 },
    grace: { password: "hunter2", hash: "hunter2" },
  });
  expect(found.map((problem) => problem.split(": ")[0])).toEqual([
    "mo:by",
    "gordon.password",
    "ada.hash",
    "alan.password",
    "alan.cost",
    "grace.hash",
    "grace",
  ]);
  expect(found.join()).not.toContain("hunter");
});
