import { type Check, failed, passed, skipped } from "../check.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";

/** Without a password nobody gets in, also where all users are known by their hashes only. */
export const anonymousRefused: Check = {
  name: "GET /v2/ without a password",
  needs: () => [answers.name],
  async run({ api, userNames }, signal) {
    const { status, headers } = await requestRegistry(api, { method: "GET", path: "/v2/" }, signal);
    if (userNames.length === 0) {
      const meaning = status === 200 ? "anyone who reaches it may pull and push" : "it asks for a password";
      return skipped(`the settings have no users; the registry answers ${status}: ${meaning}`);
    }
    if (status === 200) {
      return failed(
        "200, expected 401: anyone who reaches the registry may pull and push; does it read another config.yml than the stack's?",
      );
    }
    if (status !== 401) return failed(`${status}, expected 401`);
    const challenge = headers["www-authenticate"];
    if (!challenge) return failed("401 without WWW-Authenticate: Docker would not know how to log in");
    return passed(`401, WWW-Authenticate: ${challenge}`);
  },
};
