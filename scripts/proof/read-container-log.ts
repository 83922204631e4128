import { PassThrough, type Readable } from "node:stream";
import type { Container } from "dockerode";

/** A container's log so far, standard output and error in one stream of text. Without `tail`: all of it. */
export async function readContainerLog(
  container: Container,
  { tail, signal }: { tail?: number; signal?: AbortSignal } = {},
): Promise<Readable> {
  const { Config } = await container.inspect();
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  // Not container.logs(): without "follow" it keeps the whole log in memory.
  container.modem.dial(
    {
      path: `/containers/${container.id}/logs?`,
      method: "GET",
      options: { stdout: true, stderr: true, tail: tail ?? "all" },
      isStream: true,
      statusCodes: { 200: true, 404: "no such container", 500: "server error" },
      ...(signal ? { abortSignal: signal } : {}),
    },
    (error: Error | null, stream: Readable) => (error ? reject(error) : resolve(stream)),
  );
  const source = await promise;
  if (Config.Tty) return source;
  const log = new PassThrough();
  container.modem.demuxStream(source, log, log);
  source.once("end", () => log.end());
  source.once("error", (error) => log.destroy(error));
  return log;
}
