import type { HtpasswdUser } from "../components/users/htpasswd.ts";
import type { User, Users } from "../components/users/user-schemas.ts";

/** Users as settings give them, each in the one form that was checked to be there. */
export function htpasswdUsers(users: Users): Record<string, HtpasswdUser> {
  return Object.fromEntries(Object.entries(users).map(([name, user]) => [name, oneForm(user)]));
}

function oneForm({ password, generation, hash, cost }: User): HtpasswdUser {
  if (hash !== undefined) return { hash };
  const work = cost === undefined ? {} : { cost };
  if (password !== undefined) return { password, ...work };
  return { generated: true, ...work, ...(generation === undefined ? {} : { generation }) };
}
