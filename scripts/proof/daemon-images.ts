import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { RegistryUser } from "./proof-target.ts";

/**
 * How long one operation may take, in milliseconds. A stop of the proof does not end it: what a finished operation left
 * can be cleaned up, what the daemon goes on with unseen cannot.
 */
const operationLimit = 60_000;

/** Makes an image of one small file with random content, tagged `repository:tag`, and returns its id. */
export async function importRandomImage(docker: Docker, repository: string, tag: string): Promise<string> {
  const archive = pack();
  archive.entry({ name: "proof" }, randomBytes(64));
  archive.finalize();
  const content = Readable.from([await buffer(archive)]);
  await progressOf((abortSignal) => docker.importImage(content, { repo: repository, tag, abortSignal }));
  return (await docker.getImage(`${repository}:${tag}`).inspect()).Id;
}

/** Pushes `repository:tag` and returns the digest of its manifest. */
export async function pushImage(
  docker: Docker,
  repository: string,
  tag: string,
  user: RegistryUser | undefined,
): Promise<string> {
  const authconfig = authentication(user);
  const progress = await progressOf((abortSignal) =>
    docker.getImage(repository).push({ tag, authconfig, abortSignal }),
  );
  const digest = progress.findLast((line) => line.aux?.Digest)?.aux?.Digest;
  if (!digest) throw new Error("the daemon named no digest of what it pushed");
  return digest;
}

export async function pullImage(docker: Docker, reference: string, user: RegistryUser | undefined): Promise<void> {
  const authconfig = authentication(user);
  await progressOf((abortSignal) => docker.pull(reference, { authconfig, abortSignal }));
}

/** Removes a reference, and the image with its last one. Answers whether it was there. */
export async function removeImage(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).remove({ force: true });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Whether the daemon's answer was 404. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === 404;
}

interface ProgressLine {
  error?: string;
  aux?: { Digest?: string };
}

/** Waits for the end of an operation; the daemon reports a late failure as a line, under status 200. */
async function progressOf(start: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>): Promise<ProgressLine[]> {
  const signal = AbortSignal.timeout(operationLimit);
  try {
    const lines = (await text(await start(signal))).split("\n").filter((line) => line.trim() !== "");
    const progress = lines.map((line): ProgressLine => JSON.parse(line));
    const failure = progress.find((line) => line.error !== undefined);
    if (failure) throw new Error(failure.error);
    return progress;
  } catch (error) {
    if (signal.aborted) throw new Error(`the Docker daemon was not done within ${operationLimit / 1000} seconds`);
    throw error;
  }
}

/** The daemon wants a header even where there is nothing to say. */
function authentication(user: RegistryUser | undefined): Docker.AuthConfigObject {
  return user ? { username: user.name, password: user.password } : {};
}
