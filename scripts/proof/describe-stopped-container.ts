import { text } from "node:stream/consumers";
import { dockerClient } from "../../components/docker-host/docker-client.ts";
import { messageOf } from "./explain-daemon-error.ts";
import type { ProofTarget } from "./proof-target.ts";
import { readContainerLog } from "./read-container-log.ts";

/** Why there is no use in waiting for a container: `its container is exited (code 1), last log line: ...`. */
export async function describeStoppedContainer({
  id,
  docker,
}: NonNullable<ProofTarget["container"]>): Promise<string | undefined> {
  const container = dockerClient(docker).getContainer(id);
  // One that cannot be looked into may still be about to answer; the check of its secrets says why it cannot.
  const state = await container.inspect().then(
    ({ State }) => State,
    () => undefined,
  );
  if (!state || state.Running || state.Restarting) return undefined;
  const log = await readContainerLog(container, { tail: 1 }).then(text, messageOf);
  return `its container is ${state.Status} (code ${state.ExitCode}), last log line: ${log.trim().slice(0, 300)}`;
}
