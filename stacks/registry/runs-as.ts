import type * as pulumi from "@pulumi/pulumi";
import type { RunsAs } from "../../components/registry/registry-container-args.ts";
import { type RegistryDefaults, unprivilegedUser } from "../../components/registry/registry-defaults.ts";
import type { containerSettings } from "./settings.ts";

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
