import { listNames } from "../../terminal/list-names.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import type { RegistryUser } from "../proof-target.ts";
import { keptConnections, requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";

/** How many users sign in at once: more do not make it faster, as each costs the registry a bcrypt comparison. */
const atOnce = 16;

/** So many users sign in however long it takes; of more, as many as can in so many milliseconds, in an order by chance. */
const always = 50;
const budget = 1_000;

/** Users get in with the password that the stack knows: the registry reads the stack's file, which has all of them. */
export const rightPasswordAccepted: Check = {
  name: "GET /v2/ with the right password",
  needs: ({ api }) => [answers.name, certificateOf(api.host)],
  async run({ api, target: { users } }, signal) {
    if (users.length === 0) return skipped("no user with a known password");
    const refused: string[] = [];
    const waiting = (users.length > always ? users.toSorted(() => Math.random() - 0.5) : users).values();
    const asked: string[] = [];
    const end = performance.now() + budget;
    const agent = keptConnections(api, atOnce);
    const signIn = async (some: Iterable<RegistryUser>) => {
      for (const user of some) {
        asked.push(user.name);
        const { status } = await requestRegistry(api, { method: "GET", path: "/v2/", user }, signal, agent);
        if (status !== 200) refused.push(`${status} for ${user.name}`);
        if (asked.length >= always && performance.now() > end) return;
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(atOnce, users.length) }, () => signIn(waiting)));
    } finally {
      agent.destroy();
    }
    const part = asked.length < users.length ? `${asked.length} of ${users.length} users: ` : "";
    const names = users.map(({ name }) => name).filter((name) => asked.includes(name));
    if (refused.length === 0) return passed(`200 for ${part}${listNames(names)}`);
    return failed(
      `${listNames(refused)}, expected 200; does the registry read another htpasswd file than the stack's?`,
    );
  },
};
