import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { type Check, failed, passed, skipped } from "../check.ts";
import { explainDaemonError } from "../explain-daemon-error.ts";
import type { ProofContext } from "../proof-context.ts";
import type { RegistryUser } from "../proof-target.ts";
import { rightPasswordAccepted } from "./right-password-accepted.ts";

/** A user logs in as on any day: with the docker CLI, or where there is none through the Docker API. */
export const dockerLogin: Check = {
  name: "docker login",
  needs: () => [rightPasswordAccepted.name],
  async run(context, signal) {
    const { target, registryNames, docker } = context;
    const [user] = target.users;
    if (!user) return skipped("no user with a known password");
    const name = registryNames[0]?.name ?? "";
    try {
      if (await loginWithCli(context, name, user, signal))
        return passed(`${user.name} at ${name}, and logged out again`);
      await docker.checkAuth({
        username: user.name,
        password: user.password,
        serveraddress: name,
        abortSignal: signal,
      });
      return passed(`${user.name} at ${name}, through the Docker API (no docker CLI on PATH)`);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof ExecaError ? error.stderr || error.shortMessage : error;
      return failed(explainDaemonError(reason, name, target));
    }
  },
};

/** Answers false where there is no docker CLI. */
async function loginWithCli(
  { target }: ProofContext,
  registryName: string,
  { name, password }: RegistryUser,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "registry-kit-login-"));
  // With an entry in it the CLI takes the file as its store; without one it would use the system's keychain.
  await writeFile(join(folder, "config.json"), '{"auths":{"registry-kit.invalid":{}}}', { mode: 0o600 });
  const docker = execa({
    cancelSignal: signal,
    env: {
      DOCKER_CONFIG: folder,
      DOCKER_CONTEXT: undefined,
      ...(target.docker.url ? { DOCKER_HOST: target.docker.url } : {}),
    },
  });
  try {
    await docker({ input: password })`docker login --username=${name} --password-stdin ${registryName}`;
    await docker`docker logout ${registryName}`;
    return true;
  } catch (error) {
    if (error instanceof ExecaError && error.code === "ENOENT") return false;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
