import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { goJsonValue } from "../files/go-json-value.ts";
import { sha256 } from "../files/sha256.ts";

/** How a context of the docker command leads to its daemon. */
export interface ContextEndpoint {
  Host?: string;
  SkipTLSVerify?: boolean;
  /** Folder with ca.pem, cert.pem and key.pem, where it has TLS. */
  certPath?: string;
}

/**
 * The endpoint of a context of the docker command; undefined: there is no such context. Source: docker/cli, cli/context/store.
 * @param folder of the docker command's own files. @throws where the context cannot be read
 */
export function contextEndpoint(folder: string, name: string): ContextEndpoint | undefined {
  const id = sha256(name);
  const meta = join(folder, "contexts", "meta", id, "meta.json");
  if (!existsSync(meta)) return undefined;
  const endpoints = goJsonValue(JSON.parse(readFileSync(meta, "utf8")), "Endpoints");
  const docker = endpoints && typeof endpoints === "object" && "docker" in endpoints ? endpoints.docker : undefined;
  const host = goJsonValue(docker, "Host");
  const certPath = join(folder, "contexts", "tls", id, "docker");
  return {
    ...(typeof host === "string" && { Host: host }),
    SkipTLSVerify: goJsonValue(docker, "SkipTLSVerify") === true,
    ...(existsSync(certPath) && { certPath }),
  };
}
