import type Docker from "dockerode";
import { endOf } from "./docker-progress.ts";

/** Pulls an image; ends when nothing moved for a while, as a slow link may take long, but a dead one must not. */
export async function pullImage(docker: Docker, image: string, idleSeconds = 60): Promise<void> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), idleSeconds * 1000);
  };
  restart();
  try {
    const stream = await docker.pull(image, { abortSignal: controller.signal });
    await endOf(docker, stream, restart);
  } catch (error) {
    if (controller.signal.aborted) throw new Error(`no progress for ${idleSeconds} s`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
