import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { PropertyMap } from "../protocol/property-value.ts";
import { textOf, textsOf } from "../protocol/values.ts";
import { contextEndpoint } from "./context-endpoint.ts";

/** Where the Docker daemon is and how to reach it. */
export interface ConnectionSettings {
  /** `unix://`, `tcp://`, `http://`, `https://`, `npipe://` or `ssh://`. */
  host: string;
  sshOptions: string[];
  tls?: { ca?: string; cert: string; key: string };
  /** Whether to ask the daemon for a sign of life before the first request. */
  ping: boolean;
}

/**
 * The connection that the provider's configuration asks for. What it leaves out comes from DOCKER_HOST,
 * DOCKER_CONTEXT, DOCKER_SSH_OPTS, DOCKER_CERT_PATH and DOCKER_{CA,CERT,KEY}_MATERIAL, as with Pulumi's own plugin;
 * a context wins over a host.
 */
export async function connectionSettings(
  config: PropertyMap,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ConnectionSettings> {
  const setting = (key: string, variable: string) => textOf(config[key]) || environment[variable] || undefined;
  const context = setting("context", "DOCKER_CONTEXT");
  const local = process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
  const host = context ? contextHost(context) : (setting("host", "DOCKER_HOST") ?? local);
  const given = listOf(config.sshOpts);
  const sshOptions = given.length > 0 ? given : (environment.DOCKER_SSH_OPTS ?? "").split(/\s+/).filter(Boolean);
  const tls = await tlsSettings(setting);
  const ping = String(config.disableDockerDaemonCheck ?? false) !== "true";
  return { host, sshOptions, ping, ...(tls ? { tls } : {}) };
}

async function tlsSettings(setting: (key: string, variable: string) => string | undefined) {
  const ca = setting("caMaterial", "DOCKER_CA_MATERIAL");
  const cert = setting("certMaterial", "DOCKER_CERT_MATERIAL");
  const key = setting("keyMaterial", "DOCKER_KEY_MATERIAL");
  const folder = setting("certPath", "DOCKER_CERT_PATH");
  if (!cert && !key) {
    if (!folder) return undefined;
    const [fileCa, fileCert, fileKey] = await Promise.all(
      ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(folder, name), "utf8")),
    );
    return { ca: fileCa as string, cert: fileCert as string, key: fileKey as string };
  }
  if (!cert || !key) throw new Error("docker:certMaterial and docker:keyMaterial must be given together.");
  if (folder) throw new Error("docker:certPath cannot be given together with docker:certMaterial.");
  return { cert, key, ...(ca ? { ca } : {}) };
}

/** Configuration values travel as text; lists are then JSON. */
function listOf(value: PropertyMap[string] | undefined): string[] {
  if (typeof value !== "string") return textsOf(value);
  const parsed: unknown = JSON.parse(value);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

/** The daemon's address in a context of the user; Pulumi's own plugin does not read DOCKER_CONFIG. */
function contextHost(name: string): string {
  const folder = join(homedir(), ".docker");
  const host = contextEndpoint(folder, name)?.Host;
  if (host) return host;
  throw new Error(`There is no Docker context "${name}" under ${folder}; \`docker context ls\` lists those there are.`);
}
