import { join } from "node:path";
import { readProject } from "../../engine/config/project.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { dockerHostText } from "../../lib/docker/docker-host.ts";
import { isClone } from "../../lib/start-up/is-clone.ts";
import { imageSettings } from "../../stacks/registry/image-settings.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { chooseEngine } from "../engines/choose-engine.ts";
import type { Engine } from "../engines/engine.ts";
import { engineSecrets } from "../engines/engine-secrets.ts";
import { ensureDockerEngine } from "../machine/docker-engine.ts";
import { placeOfNothing } from "../machine/place-of-nothing.ts";
import { ensureRegistryImage } from "../machine/registry-image.ts";
import { ensureStateBackend } from "../machine/state-backend.ts";
import { linkPackage } from "../project/link-package.ts";
import { projectRoot } from "../project/project-root.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { withProgress } from "../terminal/progress.ts";
import { report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

/** Everything that a command works with, found or made. */
export interface Session {
  engine: Engine;
  settingsFile: SettingsFile;
  /** What a user types to run `pulumi` directly on the same state. */
  directUse: string[];
}

export const stateDirectory = join(projectRoot, ".state");

export interface SessionOptions {
  /** The Docker engine and the registry's image are made sure of too, which may install them. */
  deploys: boolean;
  /** Whether anything may be written into the project: a preview writes nothing. Default: true. */
  writes?: boolean;
  /** Makes the settings file of the stack first, from that of another one, whose Docker engine and image it uses. */
  derive?: { from: string; make: (engine: Engine) => Promise<void> } | undefined;
}

/**
 * Finds the engine, the state and the settings file of a stack.
 *
 * @throws {UserError} where something is missing that can't be made here
 */
export async function openSession(
  options: CommonOptions,
  { deploys, writes = true, derive }: SessionOptions,
): Promise<Session> {
  const first = new SettingsFile(derive?.from ?? options.stack);
  const select = !derive && first.get(["ephemeral"]) === undefined;
  try {
    const { engine, directUse } = await openEngine(options, select, writes);
    // The program refuses a wrong image together with all other problems: nothing is fetched or installed for it.
    const { success } = imageSettings.safeParse(first.get(["image"]));
    if (deploys && success) {
      await withProgress("Looking for Docker", () => prepareDocker(first, options.install));
    }
    await derive?.make(engine);
    return { engine, settingsFile: derive ? new SettingsFile(options.stack) : first, directUse };
  } catch (error) {
    // Every prerequisite says what is missing and what to type.
    throw new UserError((error as Error).message);
  }
}

/** Finds the engine and the state of a stack, whether it has a settings file or not. @param select see {@link EngineContext} */
export async function openEngine(
  options: CommonOptions,
  select: boolean,
  writes = true,
): Promise<Pick<Session, "engine" | "directUse">> {
  try {
    if (!isClone) linkPackage(projectRoot);
    const secrets = engineSecrets();
    const environment = { ...process.env, ...secrets };
    const backend = await ensureStateBackend(report, {
      install: options.install && writes,
      stateDirectory,
      projectBackend: (await readProject(projectRoot)).backendUrl,
      environment,
    });
    const place = writes ? undefined : placeOfNothing(backend, options.stack);
    const engine = await chooseEngine(report, options.engine, {
      project: projectRoot,
      stack: options.stack,
      environment: { ...(place ?? backend.environment), ...secrets },
      quiet: options.json,
      select,
    });
    return { engine, directUse: backend.shellLines };
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

/** Makes sure of the Docker engine and the image of a stack, and of nothing else. @throws {UserError} as above */
export async function prepareMachine(options: CommonOptions): Promise<void> {
  try {
    const file = new SettingsFile(options.stack);
    await withProgress("Looking for Docker", () => prepareDocker(file, options.install));
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

async function prepareDocker(settingsFile: SettingsFile, install: boolean): Promise<void> {
  engineSecrets();
  const { docker: host, image } = settingsFile.early();
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
