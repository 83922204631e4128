import { join } from "node:path";
import { dockerClient } from "../components/docker-host/docker-client.ts";
import { dockerHostText } from "../components/docker-host/docker-host.ts";
import type { CommonOptions } from "./command-line.ts";
import { chooseEngine } from "./engines/choose-engine.ts";
import type { Engine } from "./engines/engine.ts";
import { ensureDockerEngine } from "./prerequisites/docker-engine.ts";
import { ensureRegistryImage } from "./prerequisites/registry-image.ts";
import { ensureStateBackend } from "./prerequisites/state-backend.ts";
import { projectRoot } from "./project-root.ts";
import { StackFile } from "./stack-file.ts";

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
 */
export async function openSession(options: CommonOptions, { deploys }: { deploys: boolean }): Promise<Session> {
  const stackFile = new StackFile(options.stack);
  const { docker: host, image } = stackFile.early();
  const install = options.install && deploys;
  const backend = await ensureStateBackend(report, { install: options.install, stateDirectory });
  const engine = await chooseEngine(options.engine, {
    project: projectRoot,
    stack: options.stack,
    environment: backend.environment,
    quiet: options.json,
  });
  report(`Engine: ${engine.description}`);
  if (deploys) {
    const docker = dockerClient(host);
    const { architecture } = await ensureDockerEngine(report, {
      install,
      host: dockerHostText(host),
      docker,
      stateDirectory,
    });
    await ensureRegistryImage(report, { install, docker, image, architecture });
  }
  return { engine, stackFile, directUse: backend.directUse };
}
