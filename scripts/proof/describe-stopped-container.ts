import { text } from "node:stream/consumers";
import type { ContainerInspectInfo } from "dockerode";
import { connectDocker } from "./connect-docker.ts";
import { messageOf } from "./explain-daemon-error.ts";
import type { ProofTarget } from "./proof-target.ts";
import { readContainerLog } from "./read-container-log.ts";

/** Why there is no use in waiting for a container: `its container is exited (code 1), last log line: ...`. */
export async function describeStoppedContainer({
  id,
  dockerHost,
}: NonNullable<ProofTarget["container"]>): Promise<string | undefined> {
  const container = connectDocker(dockerHost).getContainer(id);
  let state: ContainerInspectInfo["State"];
  try {
    state = (await container.inspect()).State;
  } catch (error) {
    return `its container cannot be looked into (${messageOf(error)})`;
  }
  if (state.Running || state.Restarting) return undefined;
  const log = await readContainerLog(container, { tail: 1 }).then(text, messageOf);
  return `its container is ${state.Status} (code ${state.ExitCode}), last log line: ${log.trim().slice(0, 300)}`;
}
