import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { goJsonValue } from "../files/go-json-value.ts";
import { contextEndpoint } from "./context-endpoint.ts";

/** A context of the docker command, as far as it leads to another engine than the local socket. */
export interface DockerContext {
  name: string;
  /** `ssh://web`, `unix:///run/user/1000/docker.sock`. */
  host: string;
  /** Folder with its ca.pem, cert.pem and key.pem, where it has TLS. */
  certPath?: string;
}

/** A context, or files of TLS, by which nobody reaches an engine: what is wrong, as the docker command says it, and what to type. */
export class DockerContextError extends Error {}

/**
 * The context that the docker command would use (docker/cli, cli/command/cli.go, resolveContextName): none with DOCKER_HOST, else that
 * of DOCKER_CONTEXT, else the current one of its config.json. Undefined: the context "default", or none.
 *
 * @throws {DockerContextError} where there is no context of that name, or one that the kit cannot follow
 */
export function activeContext(environment: NodeJS.ProcessEnv = process.env): DockerContext | undefined {
  if (environment.DOCKER_HOST) return undefined;
  const folder = environment.DOCKER_CONFIG || join(homedir(), ".docker");
  const config = join(folder, "config.json");
  const name = environment.DOCKER_CONTEXT || textIn(config, "currentContext");
  if (!name || name === "default") return undefined;
  const endpoint = orContextError(`Docker context "${name}"`, () => contextEndpoint(folder, name));
  if (!endpoint) {
    throw new DockerContextError(
      `Unable to resolve docker endpoint: context "${name}": context not found. ${wayOut(environment, config)}`,
    );
  }
  const { Host: host, SkipTLSVerify: skips, certPath } = endpoint;
  if (!host) return undefined;
  if (skips) {
    throw new DockerContextError(
      `Docker context "${name}" skips the verification of TLS, and the kit always verifies. ${wayOut(environment, config)}`,
    );
  }
  return { name, host, ...(certPath && { certPath }) };
}

/** @param config file that names the context where DOCKER_CONTEXT does not */
function wayOut({ DOCKER_CONTEXT: asked }: NodeJS.ProcessEnv, config: string): string {
  const [source, command] = asked
    ? ["DOCKER_CONTEXT", "unset DOCKER_CONTEXT"]
    : [`currentContext in ${config}`, "docker context use default"];
  return `It comes from ${source}. Type: ${command}; or name the engine in docker.url or DOCKER_HOST.`;
}

/** As the docker command reads it: Go's JSON ignores the case of a key, and an empty file says nothing. */
function textIn(file: string, key: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const content: unknown = orContextError(file, () => JSON.parse(readFileSync(file, "utf8").trim() || "{}"));
  const value = goJsonValue(content, key);
  return typeof value === "string" ? value : undefined;
}

function orContextError<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new DockerContextError(`${what} cannot be read: ${(error as Error).message}`);
  }
}
