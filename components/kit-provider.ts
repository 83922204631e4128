import * as pulumi from "@pulumi/pulumi";

/**
 * The kit's own provider, for the program of a project that is named as the provider is. The default provider would get the
 * whole configuration of that project as its own: settings such as `name` mean something else to an engine there, and
 * whatever the settings hold would be copied into the state.
 */
export class KitProvider extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("registry-kit", name, {}, opts);
  }
}
