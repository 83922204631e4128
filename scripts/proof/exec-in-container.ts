import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Container } from "dockerode";

/**
 * Runs a command in a running container, as its user.
 * @param signal ends the wait for it
 * @returns the exit code, and what it wrote to standard output
 */
export async function execInContainer(
  container: Container,
  command: string[],
  signal?: AbortSignal,
): Promise<{ code: number; output: string }> {
  const abort = signal ? { abortSignal: signal } : {};
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, ...abort });
  const stream = await exec.start({ hijack: false, stdin: false, ...abort });
  const output = new PassThrough();
  const errors = new PassThrough().resume();
  container.modem.demuxStream(stream, output, errors);
  stream.once("end", () => output.end());
  stream.once("error", (error) => output.destroy(error));
  const written = await text(output);
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? 1, output: written };
}
