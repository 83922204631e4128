import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { type PluginClient, startPlugin } from "./plugin-client.ts";

const entry = fileURLToPath(new URL("../../../engine/docker/pulumi-resource-docker.ts", import.meta.url));

/** Pulumi's own Docker plugin, where it is on PATH. */
export const realPlugin = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "pulumi-resource-docker"))
  .find((path) => existsSync(path));

/** For the names of tests that need it. */
export const needsRealPlugin = realPlugin ? "" : " (skipped: pulumi-resource-docker is not on PATH)";

/** The image that containers of these tests run; the kit's own, so that it is there wherever the kit is tested. */
export const image = process.env.TEST_IMAGE ?? "registry:3.1.2";

export async function startOurs(config: PropertyMap = {}): Promise<PluginClient> {
  return configured(await startPlugin(process.execPath, [entry, "127.0.0.1:1"]), config);
}

export async function startReal(config: PropertyMap = {}): Promise<PluginClient> {
  return configured(await startPlugin(realPlugin ?? "", ["127.0.0.1:1"]), config);
}

async function configured(client: PluginClient, config: PropertyMap): Promise<PluginClient> {
  try {
    await client.configure(config);
    return client;
  } catch (error) {
    client.stop();
    throw error;
  }
}

/** The URN of a resource of a type such as `Volume`. */
export function urnOf(type: string, name = "subject"): string {
  const module = type.charAt(0).toLowerCase() + type.slice(1);
  return `urn:pulumi:test::project::docker:index/${module}:${type}::${name}`;
}

/** A name that nothing else on the daemon has. */
export function uniqueName(): string {
  return `rk-docker-test-${randomBytes(4).toString("hex")}`;
}
