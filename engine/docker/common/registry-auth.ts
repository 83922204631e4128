import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import { isTrue, objectsOf, textOf } from "../../../lib/protocol/values.ts";

/** Credentials for one registry, in the form that the daemon takes. */
export interface Credentials {
  username: string;
  password: string;
  serveraddress: string;
}

/** Names under which Docker Hub is known. */
const hubNames = ["registry-1.docker.io", "index.docker.io", "docker.io", "registry.hub.docker.com"];

/** The credentials for an image such as `registry.example.org:5000/team/app:1`; undefined: pull anonymously. */
export type RegistryAuth = (image: string) => Credentials | undefined;

/**
 * Reads the provider's `registryAuth`: a list, or the JSON text of one, of `{ address, username, password }`.
 * Without a user name the credentials come from `configFileContent`, else from `configFile` (by default the Docker
 * CLI's own), including its credential helpers; DOCKER_REGISTRY_USER and DOCKER_REGISTRY_PASS are the defaults.
 */
export async function readRegistryAuth(value: PropertyValue | undefined): Promise<RegistryAuth> {
  const list = objectsOf(typeof value === "string" ? (JSON.parse(value) as PropertyValue) : value);
  const entries = await Promise.all(list.map(credentialsOf));
  return (image) => {
    const registry = registryOf(image);
    const names = hubNames.includes(registry) ? hubNames : [registry];
    return entries.find(({ serveraddress }) => names.includes(hostOf(serveraddress)));
  };
}

/** The registry that an image name means; the first part counts as one when it looks like a host. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "registry-1.docker.io";
}

async function credentialsOf(entry: PropertyMap): Promise<Credentials> {
  const address = textOf(entry.address) ?? "";
  const serveraddress = `${address.startsWith("http://") ? "http" : "https"}://${hostOf(address)}`;
  if (isTrue(entry.authDisabled)) return { username: "username", password: "password", serveraddress };
  const username = textOf(entry.username) || process.env.DOCKER_REGISTRY_USER;
  const password = textOf(entry.password) || process.env.DOCKER_REGISTRY_PASS;
  if (username) return { username, password: password ?? "", serveraddress };
  const content = textOf(entry.configFileContent) || (await readFile(configFile(entry), "utf8"));
  return { ...(await fromCliConfig(content, hostOf(address))), serveraddress };
}

function configFile(entry: PropertyMap): string {
  const given = textOf(entry.configFile);
  if (given) return given.replace(/^~(?=\/)/, homedir());
  return join(process.env.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json");
}

/** What the Docker CLI's configuration says of a registry. */
async function fromCliConfig(content: string, registry: string): Promise<{ username: string; password: string }> {
  const config = JSON.parse(content) as {
    auths?: Record<string, { auth?: string; username?: string; password?: string }>;
    credHelpers?: Record<string, string>;
    credsStore?: string;
  };
  const names = hubNames.includes(registry) ? ["https://index.docker.io/v1/", ...hubNames] : [registry];
  const helper = names.map((name) => config.credHelpers?.[name]).find(Boolean) ?? config.credsStore;
  if (helper) {
    const { stdout } = await execa(`docker-credential-${helper}`, ["get"], {
      input: names[0] ?? registry,
      timeout: 30_000,
    });
    const answer = JSON.parse(stdout) as { Username: string; Secret: string };
    return { username: answer.Username, password: answer.Secret };
  }
  const [, entry] =
    Object.entries(config.auths ?? {}).find(([key]) => names.includes(key) || names.includes(hostOf(key))) ?? [];
  if (!entry) return { username: "", password: "" };
  const [username = "", ...rest] = Buffer.from(entry.auth ?? "", "base64")
    .toString()
    .split(":");
  return { username: entry.username ?? username, password: entry.password ?? rest.join(":") };
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, "").split("/")[0] ?? "";
}
