import { plainMap } from "../../lib/protocol/property-value.ts";
import type { Lifecycle } from "../../lib/provider/lifecycle.ts";
import type { Provider } from "../../lib/provider/provider.ts";
import { Connection } from "./common/connection.ts";
import { findExisting } from "./common/find-existing.ts";
import { lifecycleOf } from "./common/lifecycle-of.ts";
import type { ResourceType } from "./common/resource-type.ts";
import { container } from "./container/container.ts";
import { functions } from "./functions/functions.ts";
import { network } from "./network/network.ts";
import { checkConfig } from "./provider-config.ts";
import { remoteImage } from "./remote-image/remote-image.ts";
import { secret } from "./secret/secret.ts";
import { service } from "./service/service.ts";
import { serviceConfig } from "./service-config/service-config.ts";
import { volume } from "./volume/volume.ts";

/** The Docker types of this provider. */
export const resourceTypes: ResourceType[] = [container, network, remoteImage, secret, service, serviceConfig, volume];

/**
 * The provider behind `pulumi-resource-docker`: the types and functions of Pulumi's Docker plugin 5.2 that a registry
 * needs, with the same checks, plans and state. Where it differs on purpose:
 * - failures of a check name the property by its path;
 * - a limit on memory, ports in another order, another spelling of a duration or a capability are no difference;
 * - a container that stands still is started, not replaced for the ports that it does not have;
 * - a service replaces when it turns from replicated to global, as Docker refuses the update;
 * - without `caMaterial` a TLS server must be vouched for by a public authority, instead of not being checked;
 * - building images and cluster volumes are refused by name.
 */
export function dockerProvider(): Provider {
  const connection = new Connection();
  const lifecycles = new Map<string, Lifecycle>(
    resourceTypes.map((type) => {
      const lifecycle = lifecycleOf(type, connection);
      return [type.token, { ...lifecycle, find: (request) => findExisting(type, lifecycle, connection, request) }];
    }),
  );
  return {
    version: "5.2.0",
    checkConfig: async (config) => checkConfig(config),
    configure: (config) => connection.configure(plainMap(config)),
    lifecycle: (type) => lifecycles.get(type),
    async invoke(token, args) {
      return functions[token]?.(await connection.docker(), plainMap(args));
    },
  };
}
