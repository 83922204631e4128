import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import type { Accounts } from "./build-htpasswd.ts";
import { buildHtpasswd } from "./build-htpasswd.ts";
import { users } from "./user.ts";

const inputs = z.object({ users });

const outputs = z.object({
  htpasswd: z.string(),
  hashes: z.record(z.string(), z.string()),
  passwords: z.record(z.string(), z.string()),
  userNames: z.array(z.string()),
});

/** The lifecycle behind the class `Htpasswd`. */
export const htpasswdDefinition = {
  type: "registry-kit:users:Htpasswd",
  inputs,
  outputs,
  secretOutputs: ["htpasswd", "hashes", "passwords"],
  async create(news) {
    return { id: randomUUID(), outputs: await buildHtpasswd(news.users) };
  },
  update: (state, news) => buildHtpasswd(news.users, { users: state.inputs.users, accounts: state.outputs }),
} satisfies ResourceDefinition<z.infer<typeof inputs>, Accounts>;
