import bcrypt from "bcryptjs";
import { generatePassword } from "./generate-password.ts";
import type { User, Users } from "./user.ts";

export interface Accounts {
  /** The file: a line `name:hash` for each user, sorted by name. */
  htpasswd: string;
  /** bcrypt hashes by user name. */
  hashes: Record<string, string>;
  /** Plain passwords by user name, where they are known: of a user given by hash they are not. */
  passwords: Record<string, string>;
  /** Sorted. */
  userNames: string[];
}

/** A chosen password has the entropy that people give it; a generated one needs no slow hash. */
const defaultCost = { chosen: 10, generated: 4 };

/**
 * The accounts for these users. A password that did not change keeps its hash unless the cost differs; a generated one
 * is kept until its generation is raised.
 */
export async function buildHtpasswd(users: Users, previous?: { users: Users; accounts: Accounts }): Promise<Accounts> {
  const userNames = Object.keys(users).toSorted();
  const entries = await Promise.all(
    userNames.map(async (name) => {
      const user = own(users, name) ?? {};
      const old = {
        user: own(previous?.users, name),
        hash: own(previous?.accounts.hashes, name),
        password: own(previous?.accounts.passwords, name),
      };
      return { name, ...(await account(user, old)) };
    }),
  );
  return {
    htpasswd: entries.map(({ name, hash }) => `${name}:${hash}\n`).join(""),
    hashes: Object.fromEntries(entries.map(({ name, hash }) => [name, hash])),
    passwords: Object.fromEntries(
      entries.flatMap(({ name, password }) => (password === undefined ? [] : [[name, password]])),
    ),
    userNames,
  };
}

interface OldAccount {
  user: User | undefined;
  hash: string | undefined;
  password: string | undefined;
}

async function account(user: User, old: OldAccount): Promise<{ hash: string; password?: string }> {
  if (user.hash !== undefined) return { hash: user.hash };
  const password = user.password ?? keptPassword(user, old) ?? generatePassword();
  const cost = user.cost ?? (user.generated ? defaultCost.generated : defaultCost.chosen);
  const kept = old.hash !== undefined && bcrypt.getRounds(old.hash) === cost && (await matches(password, old));
  return { password, hash: kept && old.hash ? old.hash : await bcrypt.hash(password, cost) };
}

function keptPassword(user: User, old: OldAccount): string | undefined {
  const raised = (user.generation ?? 1) > (old.user?.generation ?? 1);
  return old.user?.generated && !raised ? old.password : undefined;
}

/** Whether the old hash is the password's; where the old one is known, without the work of verifying. */
async function matches(password: string, { password: known, hash }: OldAccount): Promise<boolean> {
  return known === undefined ? bcrypt.compare(password, hash ?? "") : known === password;
}

/** A user may be called `constructor`. */
function own<Value>(map: Record<string, Value> | undefined, key: string): Value | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined;
}
