import { type Check, failed, passed } from "../check.ts";
import { requestRegistry } from "../request-registry.ts";
import { answers } from "./answers.ts";

/** A cache takes no pushes: without its upstream in config.yml it would be a registry that is open to anyone. */
export const pushRefused: Check = {
  name: "push refused",
  needs: () => [answers.name],
  async run({ api, image }, signal) {
    const path = `/v2/${image.repository}/blobs/uploads/`;
    const { status, headers } = await requestRegistry(api, { method: "POST", path }, signal);
    if (status === 405) return passed("405");
    if (status !== 202) return failed(`${status}, expected 405`);
    const { pathname, search } = new URL(headers.location ?? path, "http://registry");
    await requestRegistry(api, { method: "DELETE", path: `${pathname}${search}` }, signal);
    return failed(
      "202, expected 405: anyone who reaches the cache may push into it; does it read another config.yml than the stack's?",
    );
  },
};
