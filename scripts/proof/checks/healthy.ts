import { type Check, failed, passed } from "../check.ts";
import { findStorageProblem } from "../find-storage-problem.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";

/** `GET /` is Distribution's health check: 503 when its storage fails. */
export const healthy: Check = {
  name: "GET /",
  needs: () => [answers.name],
  async run(context, signal) {
    const { status } = await requestRegistry(context.api, { method: "GET", path: "/" }, signal);
    if (status === 200) return passed("200");
    if (status !== 503) return failed(`${status}, expected 200`);
    const problem = await findStorageProblem(context, signal);
    return failed(`503, expected 200; ${problem ?? "the registry's storage fails, see its log"}`);
  },
};
