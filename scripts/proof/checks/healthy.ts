import { type Check, failed, passed } from "../check.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";

/** `GET /` is Distribution's health check: 503 when its storage fails. */
export const healthy: Check = {
  name: "GET /",
  needs: () => [answers.name],
  async run({ api }, signal) {
    const { status } = await requestRegistry(api, { method: "GET", path: "/" }, signal);
    if (status === 200) return passed("200");
    return failed(`${status}, expected 200${status === 503 ? "; the registry's storage fails, see its log" : ""}`);
  },
};
