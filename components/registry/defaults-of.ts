import * as pulumi from "@pulumi/pulumi";
import type { HttpSecret } from "./http-secret.ts";
import type { RegistryDefaults } from "./registry-defaults.ts";

/**
 * The defaults of the registry that a secret belongs to. They are in its state, so a preview knows them too. A state that does not
 * name them is older: Pulumi's SDK has undefined for it in an update, and takes it for unknown in a preview.
 */
export async function defaultsOf({ defaults }: HttpSecret): Promise<RegistryDefaults> {
  const value: unknown = await pulumi.runtime.serializeProperty("defaults", defaults, new Set());
  return value === 2 || value === 3 || value === 4 ? value : 1;
}
