import { type Check, failed, passed, skipped } from "../check.ts";
import { requestRegistry } from "../request-registry.ts";
import { push } from "./push.ts";

/** The registry's lists name what was pushed: the repository in the catalog, the tag among its tags. */
export const catalogListsIt: Check = {
  name: "catalog",
  needs: () => [push.name],
  async run({ api, target, image }, signal) {
    if (!image.pushed) return skipped("nothing was pushed");
    const [user] = target.users;
    const { repository, tag } = image;
    // The page that starts right before the name: however many repositories there are, it is one of the first.
    const lists = [
      { path: `/v2/_catalog?last=${repository.slice(0, -1)}`, key: "repositories", entry: repository },
      { path: `/v2/${repository}/tags/list`, key: "tags", entry: tag },
    ];
    for (const { path, key, entry } of lists) {
      const { status, body } = await requestRegistry(api, { method: "GET", path, user }, signal);
      if (status !== 200) return failed(`GET ${path} answers ${status}, expected 200`);
      if (!listOf(body, key).includes(entry)) return failed(`GET ${path} does not list ${entry}`);
    }
    return passed(`${repository}, with tag ${tag}`);
  },
};

function listOf(body: string, key: string): unknown[] {
  const answer: unknown = JSON.parse(body);
  const list = typeof answer === "object" && answer !== null ? Reflect.get(answer, key) : undefined;
  return Array.isArray(list) ? list : [];
}
