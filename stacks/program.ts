import * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../components/kit-provider.ts";
import { hostWarnings } from "./hosts/host-warnings.ts";
import { loadSettings, SettingsError } from "./loading/load-settings.ts";
import { plainSecretWarnings } from "./loading/plain-secrets.ts";
import { lostTextProblems } from "./loading/problem-positions.ts";
import { refusal } from "./loading/settings-refusal.ts";
import { lookAtHost } from "./look-at-host.ts";
import type { StackOutputs } from "./outputs.ts";
import { problemsIfNew } from "./registry/problems-if-new.ts";
import type { Settings } from "./settings/settings.ts";
import { withAwsProfile } from "./storage/aws-profile.ts";
import { dataHost } from "./storage/find-data-host.ts";

interface Place {
  project: string;
  stack: string;
}

/** What runs at every preview and up: settings -> a look at the Docker host -> components -> outputs. */
export async function program(provider: KitProvider): Promise<StackOutputs> {
  const stack: Place = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const settings = await readSettings(stack, provider);
  // Asked and loaded while the Docker host answers about names and ports.
  const machine = dataHost(settings);
  const deployment = import("./deploy.ts");
  for (const warning of await plainSecretWarnings(pulumi.runtime.allConfig(), stack)) pulumi.log.warn(warning);
  for (const warning of hostWarnings(settings)) pulumi.log.warn(warning);
  const problems = await lookAtHost(settings, stack.stack);
  if (problems.length > 0) throw await refusal([...problems, ...(await problemsIfNew(settings, provider))], stack);
  const { deploy } = await deployment;
  return deploy(settings, provider, machine);
}

async function readSettings(stack: Place, provider: KitProvider): Promise<Settings> {
  const lost = await lostTextProblems(stack);
  try {
    const loaded = loadSettings({ ...stack, values: pulumi.runtime.allConfig() }, new Date());
    const { settings, problems } = withAwsProfile(loaded);
    if (lost.length + problems.length > 0) throw new SettingsError(stack.stack, [...lost, ...problems], settings);
    return settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    // The text as it was written says more than what became of it.
    const others = error.problems.filter((problem) => !lost.some(({ path }) => path === problem.path));
    const more = error.known ? await problemsIfNew(error.known, provider) : [];
    throw await refusal([...lost, ...others, ...more], stack);
  }
}
