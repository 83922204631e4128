import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../../components/kit-provider.ts";
import type { Settings } from "../settings/settings.ts";

/** Who makes the resources of a stack. */
export interface Providers {
  kit: KitProvider;
  /** For an engine that the docker command would not choose; else none. */
  docker: pulumi.ProviderResource[];
}

/** The providers of a stack, with one for Docker only where the engine is not the one that the docker command would choose. */
export function makeProviders({ docker: { url, certPath } }: Settings, kit: KitProvider): Providers {
  if (!url && !certPath) return { kit, docker: [] };
  const place = { ...(url ? { host: url } : {}), ...(certPath ? { certPath } : {}) };
  return { kit, docker: [new docker.Provider("registry-engine", place)] };
}

/** As components take them. */
export function all({ kit, docker }: Providers): { providers: pulumi.ProviderResource[] } {
  return { providers: [kit, ...docker] };
}

/** As a resource of `@pulumi/docker` takes it that is no component. */
export function inDocker({ docker: [provider] }: Providers): pulumi.CustomResourceOptions {
  return provider ? { provider } : {};
}
