import type { Command } from "commander";
import type { PolicyPackOption } from "../engines/engine.ts";

export interface PolicyOptions {
  policyPack: string[];
  policyPackConfig: string[];
}

/**
 * Adds the options of policy packs. No pack runs unasked: what the kit's own one forbids, the settings refuse already, or a user
 * has allowed it by name (insecure: i-understand, keep: false); and it costs a second with the CLI.
 */
export function withPolicyOptions(definition: Command): Command {
  const append = (value: string, values: string[]) => [...values, value];
  return definition
    .option("--policy-pack <folder>", 'obey a pack of policies, for example "policy"; may be repeated', append, [])
    .option("--policy-pack-config <file>", "JSON: levels of its policies; one for each pack, or none", append, []);
}

export function packsOf({ policyPack, policyPackConfig }: PolicyOptions): PolicyPackOption[] {
  return policyPack.map((path, i) => ({ path, config: policyPackConfig[i] }));
}
