import type Docker from "dockerode";
import { attempt, orMissing } from "../../../lib/docker/docker-error.ts";
import type { Session } from "../common/resource-type.ts";

/** Seconds between two lines about the progress of one pull. */
const progressInterval = 5;

/**
 * The image of that name on the daemon: the one that is there already, whatever its age, else pulled now with the
 * credentials for its registry. Progress is logged at most every five seconds.
 * @param platform for example `linux/arm64`; only for the pull.
 */
export async function ensureImage(session: Session, name: string, platform?: string): Promise<Docker.ImageInspectInfo> {
  const { docker } = session;
  const inspect = () => orMissing(docker.getImage(name).inspect());
  const local = await attempt(`look for the image "${name}"`, inspect);
  if (local) return local;
  if (name.startsWith("sha256:")) {
    throw new Error(`The daemon has no image with the id ${name}, and an id cannot be pulled. Name it by its tag.`);
  }
  await attempt(`pull the image "${name}"`, () => pull(session, name, platform));
  const pulled = await inspect();
  if (!pulled) throw new Error(`The image "${name}" was pulled, but the daemon does not have it.`);
  return pulled;
}

async function pull(session: Session, name: string, platform?: string): Promise<void> {
  const { docker, registryAuth, log, timeout } = session;
  const authconfig = registryAuth(name);
  const giveUp = AbortSignal.timeout(timeout);
  const stream = await docker.pull(name, {
    abortSignal: giveUp,
    ...(authconfig ? { authconfig } : {}),
    ...(platform ? { platform } : {}),
  });
  const layers = new Map<string, string>();
  let next = performance.now() + progressInterval * 1000;
  const follow = (event: PullEvent) => {
    if (event.id && event.status) layers.set(event.id, event.status);
    if (performance.now() < next) return;
    next = performance.now() + progressInterval * 1000;
    const done = [...layers.values()].filter((status) => /complete|exists/i.test(status)).length;
    log("info", `pulling ${name}: ${done} of ${layers.size} layers`);
  };
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), follow);
  }).catch((error: unknown) => {
    if (!giveUp.aborted) throw error;
    throw new Error(`it took longer than ${timeout / 1000} seconds; allow more with customTimeouts.create`);
  });
}

interface PullEvent {
  id?: string;
  status?: string;
}
