import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import type { EngineName } from "../../scripts/engines/engine-name.ts";

/** The stacks that commit de0eadc made, the last one before new stacks got other defaults; `by` names the engine. */
export interface ExistingStack {
  name: "container" | "caches" | "s3" | "swarm";
  by: "own" | "cli";
}

/** Of all of them. */
const passphrase = "existing-stacks";

/** Puts a stack's settings file, with lines added to it, and its state into a copy of the project. @returns the stack's name */
export function addStack(folder: string, { name, by }: ExistingStack, lines: string[] = []): string {
  const stack = `harden-${name}`;
  const settings = readFileSync(join(import.meta.dirname, `${name}.yaml`), "utf8");
  const at = settings.indexOf("encryptionsalt");
  const [config, rest] = at < 0 ? [settings, ""] : [settings.slice(0, at), settings.slice(at)];
  writeFileSync(join(folder, "stacks", `Pulumi.${stack}.yaml`), `${config}${lines.join("\n")}\n${rest}`);
  const state = join(folder, ".state/pulumi/.pulumi/stacks/registry-kit", `${stack}.json`);
  mkdirSync(dirname(state), { recursive: true });
  writeFileSync(state, gunzipSync(readFileSync(join(import.meta.dirname, by, `${name}.json.gz`))));
  return stack;
}

/** Previews a stack on a machine where no Docker host answers, so that the state alone is looked at. */
export async function previewOf(folder: string, stack: string, engine: EngineName, args: string[] = []) {
  const env = {
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    DOCKER_HOST: `unix://${folder}/none.sock`,
    PULUMI_BACKEND_URL: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
  const command = ["scripts/start.mjs", "preview", "--stack", stack, "--engine", engine, "--assume-docker", ...args];
  const options = { cwd: folder, env, reject: false, all: true, stdin: "ignore", timeout: 120_000 } as const;
  return await execa(process.execPath, command, options);
}
