import { randomBytes } from "node:crypto";
import { listNames } from "../../terminal/list-names.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";

/** A random password gets nobody in: neither with a user's name nor with one that nobody has. */
export const wrongPasswordRefused: Check = {
  name: "GET /v2/ with a wrong password",
  needs: ({ api }) => [answers.name, certificateOf(api.host)],
  async run({ api, userNames }, signal) {
    const [known] = userNames;
    if (known === undefined) return skipped("the settings have no users");
    const random = () => randomBytes(16).toString("hex");
    for (const [name, shown] of [
      [known, known],
      [random(), "a name that nobody has"],
    ] as const) {
      const guess = { name, password: random() };
      const { status } = await requestRegistry(api, { method: "GET", path: "/v2/", user: guess }, signal);
      if (status !== 401) {
        const advice = status === 200 ? "; does it read another config.yml than the stack's?" : "";
        return failed(`${status} for ${shown}, expected 401${advice}`);
      }
    }
    return passed(`401 for ${listNames([known])} and for a name that nobody has`);
  },
};
