import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { pack } from "tar-stream";
import { temporaryFolder } from "./temporary-folder.ts";

const timeout = 90_000;

/** Somebody with a terminal, the docker command and credentials of their own. */
export interface DockerUser extends AsyncDisposable {
  /** Any exit code is an answer; `input` goes to standard input. */
  docker(args: string[], input?: string): Promise<{ exitCode: number | undefined; all: string; stdout: string }>;
  /** `docker login` with a password from standard input, as everyone should. */
  login(place: string, user: string, password: string): ReturnType<DockerUser["docker"]>;
}

/** Credentials end with the block. */
export async function dockerUser(): Promise<DockerUser> {
  const { path, [Symbol.asyncDispose]: dispose } = await temporaryFolder();
  const docker: DockerUser["docker"] = async (args, input = "") => {
    const { exitCode, all, stdout } = await execa("docker", ["--config", path, ...args], {
      reject: false,
      all: true,
      input,
      timeout,
    });
    return { exitCode, all, stdout };
  };
  return {
    docker,
    login: (place, user, password) => docker(["login", place, "--username", user, "--password-stdin"], password),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Makes an image with one layer of random bytes; `reference` is removed by the caller. */
export async function makeRandomImage(reference: string, bytes: number): Promise<void> {
  const archive = pack();
  archive.entry({ name: "random" }, randomBytes(bytes));
  archive.finalize();
  await execa("docker", ["import", "-", reference], { input: await buffer(archive), timeout });
}
