import { join } from "node:path";
import { dockerClient } from "../components/docker-host/docker-client.ts";
import { dockerHostText } from "../components/docker-host/docker-host.ts";
import { imageSettings } from "../stacks/settings/image.ts";
import type { CommonOptions } from "./command-line.ts";
import { chooseEngine } from "./engines/choose-engine.ts";
import type { Engine } from "./engines/engine.ts";
import { ensureDockerEngine } from "./prerequisites/docker-engine.ts";
import { ensureRegistryImage } from "./prerequisites/registry-image.ts";
import { ensureStateBackend } from "./prerequisites/state-backend.ts";
import { projectRoot } from "./project-root.ts";
import { StackFile } from "./stack-file.ts";
import { UserError } from "./user-error.ts";

/** Everything that a command works with, found or made. */
export interface Session {
  engine: Engine;
  stackFile: StackFile;
  /** What a user types to run `pulumi` directly on the same state. */
  directUse: string[];
}

export const stateDirectory = join(projectRoot, ".state");

/** Lines about prerequisites go beside the result, so that `--json` stays clean. */
export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Finds the engine and the state of a stack. With `deploys`, the Docker engine and the registry's image are made sure
 * of too, which may install them.
 *
 * @throws {UserError} where something is missing that can't be made here
 */
export async function openSession(options: CommonOptions, { deploys }: { deploys: boolean }): Promise<Session> {
  const stackFile = new StackFile(options.stack);
  try {
    const backend = await ensureStateBackend(report, { install: options.install, stateDirectory });
    const engine = await chooseEngine(report, options.engine, {
      project: projectRoot,
      stack: options.stack,
      environment: backend.environment,
      quiet: options.json,
    });
    // The program refuses a wrong image together with all other problems: nothing is fetched or installed for it.
    const { success } = imageSettings.safeParse(stackFile.get(["image"]));
    if (deploys && success) await prepareDocker(stackFile, options.install);
    return { engine, stackFile, directUse: backend.shellLines };
  } catch (error) {
    // Every prerequisite says what is missing and what to type.
    throw new UserError((error as Error).message);
  }
}

/** Makes sure of the Docker engine and the image of a stack, and of nothing else. @throws {UserError} as above */
export async function prepareMachine(options: CommonOptions): Promise<void> {
  try {
    await prepareDocker(new StackFile(options.stack), options.install);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

async function prepareDocker(stackFile: StackFile, install: boolean): Promise<void> {
  const { docker: host, image } = stackFile.early();
  const docker = dockerClient(host);
  await ensureDockerEngine(report, { install, host: dockerHostText(host), docker, stateDirectory });
  await ensureRegistryImage(report, {
    install,
    docker,
    image: image.digest ? `${image.name}@${image.digest}` : image.name,
    archive: image.archive,
    archiveSetting: "image.archive",
    cacheDirectory: join(projectRoot, ".cache"),
  });
}
