import { z } from "zod";
import type { ResourceDefinition } from "../../provider/resource-definition.ts";
import type { KnownUser } from "./make-htpasswd.ts";
import { htpasswdText, makeUsers } from "./make-htpasswd.ts";
import { user, userName } from "./user.ts";

const inputs = z.object({ users: z.record(userName, user) });

const outputs = z.object({
  htpasswd: z.string(),
  passwords: z.record(z.string(), z.string()),
  userNames: z.array(z.string()),
  known: z.record(z.string(), z.object({ hash: z.string(), password: z.string().optional(), generation: z.int() })),
});

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

/** `registry-kit:users:Htpasswd`: see the class of that name for what it means to users. */
export const htpasswdDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:users:Htpasswd",
  inputs,
  outputs,
  secretOutputs: ["htpasswd", "passwords", "known"],
  create: async ({ users }) => ({ id: "htpasswd", outputs: describe(await makeUsers(users, {})) }),
  async update(state, { users }) {
    const known = Object.entries(state.outputs.known).map(
      ([name, one]) => [name, { ...one, password: one.password }] as const,
    );
    return describe(await makeUsers(users, Object.fromEntries(known)));
  },
};

function describe(users: Record<string, KnownUser>): Outputs {
  const names = Object.keys(users).toSorted();
  const passwords = names.flatMap((name) => {
    const password = users[name]?.password;
    return password === undefined ? [] : [[name, password]];
  });
  return { htpasswd: htpasswdText(users), passwords: Object.fromEntries(passwords), userNames: names, known: users };
}
