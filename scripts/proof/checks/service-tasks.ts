import { tasksOf, whatTasksSay } from "../../../engine/docker/service/tasks.ts";
import { dockerClient } from "../../../lib/docker/docker-client.ts";
import { typed } from "../../../lib/start-up/typed.ts";
import { serviceStatus } from "../../status/service-status.ts";
import { type Check, failed, passed, skipped } from "../check.ts";

/** As many tasks run as the swarm wants, where the update is not stuck or taken back. */
export const serviceTasks: Check = {
  name: "service tasks",
  needs: () => [],
  async run({ target }) {
    if (!target.service) return skipped("the registry is no service");
    const docker = dockerClient(target.service.docker);
    const { running, state, service } = await serviceStatus(target.service.id, docker);
    if (!running) return failed(service ? state + whatTasksSay(await tasksOf(docker, target.service.id)) : state);
    const update = service?.update ?? "none yet";
    if (/paused|rollback/.test(update))
      return failed(`${state}, but the last update failed (${update}): ${typed("up")}`);
    const nodes = new Set(service?.tasks.flatMap(({ wanted, node }) => (wanted && node) || []));
    return passed(`${state}, on ${[...nodes].join(", ")}; last update: ${update}`);
  },
};
