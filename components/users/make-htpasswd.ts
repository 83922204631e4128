import { randomBytes } from "node:crypto";
import bcrypt from "bcryptjs";
import type { User } from "./user.ts";

/** What is kept of a user from one run to the next. */
export interface KnownUser {
  hash: string;
  /** Undefined for a user that was given as a hash. */
  password: string | undefined;
  /** Which generated password it is; 0 where it was not generated. */
  generation: number;
}

/** A password that a person chose needs a slow hash; source: OWASP's advice of at least 10. */
const chosenCost = 10;
/** A generated password can't be guessed however fast the hash, and the registry hashes with every request. */
const generatedCost = 4;

/** Passwords and hashes for all users; whoever's password did not change keeps the hash that is there. */
export async function makeUsers(
  wanted: Record<string, User>,
  known: Record<string, KnownUser>,
): Promise<Record<string, KnownUser>> {
  const entries = Object.entries(wanted).map(
    async ([name, user]) => [name, await makeUser(user, known[name])] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** The text of an htpasswd file: a line a user, by name. */
export function htpasswdText(users: Record<string, KnownUser>): string {
  return Object.entries(users)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { hash }]) => `${name}:${hash}\n`)
    .join("");
}

async function makeUser(user: User, known: KnownUser | undefined): Promise<KnownUser> {
  if (user.hash !== undefined) return { hash: user.hash, password: undefined, generation: 0 };
  if (user.password !== undefined) {
    return {
      hash: await keepOrMake(user.password, user.cost ?? chosenCost, known),
      password: user.password,
      generation: 0,
    };
  }
  const generation = user.generation ?? 1;
  const kept = known?.generation === generation ? known.password : undefined;
  const password = kept ?? generatePassword();
  return { hash: await keepOrMake(password, user.cost ?? generatedCost, known), password, generation };
}

/** 27 letters and digits, 160 random bits: nothing that a shell, a URL or an option parser could take for its own. */
function generatePassword(): string {
  const letters = randomBytes(64).toString("base64").replace(/[+/=]/g, "");
  return letters.slice(0, 27);
}

async function keepOrMake(password: string, cost: number, known: KnownUser | undefined): Promise<string> {
  const fits = known !== undefined && known.password === password && bcrypt.getRounds(known.hash) === cost;
  return fits ? known.hash : await bcrypt.hash(password, cost);
}
