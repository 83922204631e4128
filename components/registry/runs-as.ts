import type * as pulumi from "@pulumi/pulumi";
import type { ContainerInputs } from "./container-inputs.ts";
import type { RunsAs } from "./registry-container-args.ts";
import { type RegistryDefaults, unprivilegedUser } from "./registry-defaults.ts";

/**
 * As whom and where the container of a registry runs: as its options say, else by the defaults of its first run.
 * @param network the one that is made for it, made where it is asked for
 */
export function runsAs(
  { user, network: choice, networks }: Pick<ContainerInputs, "user" | "network"> & { networks: pulumi.Input<string>[] },
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
