// Not the whole SDK, which takes a while to load: programs make this resource first.
import resources, { type ResourceOptions } from "@pulumi/pulumi/resource.js";

/**
 * The kit's own provider, for the program of a project that is named as the provider is. The default provider would get the
 * whole configuration of that project as its own: settings such as `name` mean something else to an engine there, and
 * whatever the settings hold would be copied into the state.
 *
 * @example
 * ```ts
 * import { KitProvider, Registry } from "registry-kit";
 *
 * const provider = new KitProvider("kit");
 * new Registry("registry", { hosts: ["registry.example.com"] }, { providers: [provider] });
 * ```
 */
export class KitProvider extends resources.ProviderResource {
  constructor(name: string, opts?: ResourceOptions) {
    super("registry-kit", name, {}, opts);
  }
}
