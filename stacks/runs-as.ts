import * as pulumi from "@pulumi/pulumi";
import type { RunsAs } from "../components/registry/registry-container.ts";
import { type RegistryDefaults, unprivilegedUser } from "../components/registry/registry-defaults.ts";
import { SettingsError } from "./load-settings.ts";
import { rootProblem } from "./root-problem.ts";
import { sensitiveFolderProblems } from "./sensitive-folder-problems.ts";
import type { containerSettings } from "./settings/container.ts";
import type { Settings } from "./settings.ts";

type Container = ReturnType<typeof containerSettings.parse>;

/**
 * As whom and where a container of a stack runs: as the settings say, else by the defaults of its first run.
 * @param network the one of the stack's own, made where it is asked for
 */
export function runsAs(
  { user, network: choice, networks }: Container,
  network: () => pulumi.Output<string>,
): (defaults: RegistryDefaults) => RunsAs {
  return (defaults) => {
    const own = (choice ?? (defaults === 1 ? "bridge" : "own")) === "own";
    return {
      user: user ?? (defaults === 1 ? "0:0" : unprivilegedUser),
      keepsOwner: user === undefined,
      networks: [...(own ? [network()] : []), ...networks],
    };
  };
}

/**
 * Refuses a new registry what an earlier one is only warned of: a folder of the host's system, and root with any folder of the host
 * without consent.
 */
export function refuseFolder(settings: Settings, defaults: RegistryDefaults): void {
  if (defaults === 1) return;
  const sensitive = sensitiveFolderProblems(settings);
  // Who owns a folder that it must not have is no question.
  const problems = sensitive.length > 0 ? sensitive : [rootProblem(settings, defaults) ?? []].flat();
  if (problems.length > 0) throw new pulumi.RunError(new SettingsError(pulumi.getStack(), problems).message);
}
