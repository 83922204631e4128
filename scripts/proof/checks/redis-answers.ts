import { createInterface } from "node:readline";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { messageOf } from "../explain-daemon-error.ts";
import { readContainerLog } from "../read-container-log.ts";
import { redisError } from "../redis-error.ts";
import { answers } from "./answers.ts";

/** How far back the log is read: further than what a proof writes. */
const tail = 500;

/** Without its Redis the registry goes on, slowly and without a cache, and says so in its log alone: looks for that since this proof began. */
export const redisAnswers: Check = {
  name: "Redis answers",
  needs: () => [answers.name],
  async run({ target, begun }, signal) {
    const { container, redis = [] } = target;
    if (!container) return skipped("no container known whose log could be read");
    try {
      const log = await readContainerLog(dockerClient(container.docker).getContainer(container.id), { tail, signal });
      for await (const line of createInterface({ input: log })) {
        const error = redisError(line, begun);
        if (error)
          return failed(
            `the registry cannot use its Redis (${redis.join(", ")}): ${error}. Start Redis, correct registry.redis, or take registry.cache: redis out; until then every request waits for it`,
          );
      }
      return passed(redis.join(", "));
    } catch (error) {
      signal.throwIfAborted();
      return skipped(`the container's log cannot be read: ${messageOf(error)}`);
    }
  },
};
