import type Docker from "dockerode";

interface Progress {
  error?: string;
}

/** Waits for the end of a pull, load or build. Its failure comes as a last message, after a status of 200. */
export async function endOf(docker: Docker, stream: NodeJS.ReadableStream, onProgress?: () => void): Promise<void> {
  const messages = await new Promise<Progress[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output)), onProgress);
  });
  const failure = messages.find((message) => message.error !== undefined)?.error;
  if (failure !== undefined) throw new Error(failure);
}
