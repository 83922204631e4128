import { randomBytes } from "node:crypto";
import { type Check, failed, passed, skipped } from "../check.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";
import { certificateOf } from "./certificates-of-hosts.ts";

/** A user's name with a random password gets nobody in. */
export const wrongPasswordRefused: Check = {
  name: "GET /v2/ with a wrong password",
  needs: ({ api }) => [answers.name, certificateOf(api.host)],
  async run({ api, target }, signal) {
    const [user] = target.users;
    if (!user) return skipped("no user with a known password");
    const guess = { name: user.name, password: randomBytes(16).toString("hex") };
    const { status } = await requestRegistry(api, { method: "GET", path: "/v2/", user: guess }, signal);
    if (status === 401) return passed(`401 for ${user.name}`);
    return failed(`${status} for ${user.name}, expected 401${status === 200 ? "; turn auth on" : ""}`);
  },
};
