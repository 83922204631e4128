import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Container } from "dockerode";

/** Runs a command in a running container, as its user. @returns the exit code, and what it wrote to standard output */
export async function execInContainer(
  container: Container,
  command: string[],
): Promise<{ code: number; output: string }> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: false, stdin: false });
  const output = new PassThrough();
  const errors = new PassThrough().resume();
  container.modem.demuxStream(stream, output, errors);
  stream.once("end", () => output.end());
  stream.once("error", (error) => output.destroy(error));
  const written = await text(output);
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? 1, output: written };
}
