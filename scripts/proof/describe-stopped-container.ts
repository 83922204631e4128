import { text } from "node:stream/consumers";
import { fatalLine } from "../../components/docker-host/fatal-line.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { messageOf } from "./explain-daemon-error.ts";
import type { ProofTarget } from "./proof-target.ts";
import { readContainerLog } from "./read-container-log.ts";

/** More lines than a Go panic has. */
const tail = 300;

/** After so many restarts by Docker (about 3 seconds) one more will not help. */
const hopeless = 5;

/**
 * Why there is no use in waiting for a container: `its container is exited (code 1), and its log says: ...`, or, where Docker
 * starts it again and again, `its container was restarted 5 times (code 1), ...`, with the last fatal line of its log.
 *
 * @param restarts how many restarts count as ended; fewer may still end well
 * @returns undefined: it runs, or cannot be looked into: the check of its secrets says why it cannot
 */
export async function describeStoppedContainer(
  { id, docker }: NonNullable<ProofTarget["container"]>,
  restarts = hopeless,
): Promise<string | undefined> {
  const container = dockerClient(docker).getContainer(id);
  const found = await container.inspect().catch(() => undefined);
  if (!found) return undefined;
  const { State, RestartCount } = found;
  const loops = RestartCount >= restarts;
  if (!loops && (State.Running || State.Restarting)) return undefined;
  const log = await readContainerLog(container, { tail }).then(text).then(fatalLine, messageOf);
  const times = RestartCount === 1 ? "once" : `${RestartCount} times`;
  const state = loops && RestartCount > 0 ? `was restarted ${times}` : `is ${State.Status}`;
  return `its container ${state} (code ${State.ExitCode}), and its log says: ${log ?? "nothing"}`;
}
