import * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../components/kit-provider.ts";
import { dataHost } from "./data-host.ts";
import type { StackOutputs } from "./deploy.ts";
import { loadSettings, SettingsError } from "./load-settings.ts";
import { lookAtHost } from "./look-at-host.ts";
import { plainSecretWarnings } from "./plain-secrets.ts";
import type { Settings } from "./settings.ts";

/** What runs at every preview and up: settings -> a look at the Docker host -> components -> outputs. */
export async function program(provider: KitProvider): Promise<StackOutputs> {
  const stack = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const settings = readSettings(stack);
  // Asked and loaded while the Docker host answers about names and ports.
  const machine = dataHost(settings);
  const deployment = import("./deploy.ts");
  for (const warning of await plainSecretWarnings(pulumi.runtime.allConfig(), stack)) pulumi.log.warn(warning);
  const problems = await lookAtHost(settings, stack.stack);
  if (problems.length > 0) throw new pulumi.RunError(new SettingsError(stack.stack, problems).message);
  const { deploy } = await deployment;
  return deploy(settings, provider, machine);
}

function readSettings(stack: { project: string; stack: string }): Settings {
  try {
    return loadSettings({ ...stack, values: pulumi.runtime.allConfig() }, new Date());
  } catch (error) {
    // A RunError is shown without its stack: it speaks to the user, not to the developer.
    throw error instanceof SettingsError ? new pulumi.RunError(error.message) : error;
  }
}
