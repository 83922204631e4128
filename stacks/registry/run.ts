import type * as pulumi from "@pulumi/pulumi";
import type { DataHost } from "../../components/docker-host/data-host.ts";
import { RegistryContainer } from "../../components/registry/registry-container.ts";
import type { RegistryContainerArgs } from "../../components/registry/registry-container-args.ts";
import type { RegistryDefaults } from "../../components/registry/registry-defaults.ts";
import type { RegistryService } from "../../components/registry/registry-service.ts";
import type { RegistryStorage } from "../../components/registry/registry-storage.ts";
import { runsAs } from "../../components/registry/runs-as.ts";
import { runService, type ServedRegistry } from "../../components/whole/run-service.ts";
import type { Refusal } from "../../lib/validation/refusal.ts";
import { engineOf } from "../docker-host/engine-of.ts";
import { all, type Providers } from "../docker-host/make.ts";
import { publishedAddress } from "../docker-host/published-address.ts";
import type { SettingsWithRegistry } from "../settings/settings.ts";
import { ownLabels } from "../throw-away/own-labels.ts";
import { containerSettings } from "./settings.ts";

/** What the two ways to run a registry have in common. */
type Common = Omit<ServedRegistry, "service" | "swarm" | "dataHost" | "labels" | "decided">;

export interface Parts extends Pick<Common, "tls" | "htpasswd"> {
  storage: RegistryStorage;
  /** The machine that has the images; "unknown": it can't be asked now; undefined: every machine finds them. */
  dataHost: DataHost | "unknown" | undefined;
  /** Of every Docker object of a throw-away stack; else none. */
  labels: Record<string, string>;
  /** The network of the stack's own, made where it is asked for. */
  network: () => pulumi.Output<string>;
  /** Ends the run of a registry that is new; an earlier one may have the same settings. Absent: nothing is wrong. */
  refusedIfNew: Refusal | undefined;
}

/** What runs the registry of a stack: a service of a swarm where the settings have one, else a container. */
export function runRegistry(
  name: string,
  settings: SettingsWithRegistry,
  { labels: objectLabels, dataHost, network, refusedIfNew, ...parts }: Parts,
  providers: Providers,
): RegistryContainer | RegistryService {
  const refuse = (defaults: RegistryDefaults) => {
    if (refusedIfNew && defaults !== 1) throw refusedIfNew;
  };
  const common: Common = {
    ...parts,
    name: settings.name,
    dockerHost: engineOf(settings),
    image: settings.image,
    port: settings.port,
    options: settings.registry,
    proxy: settings.proxy,
    httpSecretGeneration: settings.rotation.httpSecret,
  };
  const { service, swarm } = settings;
  if (service) {
    const served = { ...common, service, swarm, dataHost, labels: ownLabels(), decided: refuse };
    return runService(name, served, { custom: { provider: providers.kit }, component: all(providers) });
  }
  const container = settings.container ?? containerSettings.parse({});
  const labels = { ...container.labels, ...objectLabels, ...ownLabels() };
  const address = publishedAddress(settings);
  const place = runsAs(container, network);
  const args: RegistryContainerArgs = {
    ...common,
    address,
    dataHost,
    container: { ...container, labels },
    runsAs(defaults) {
      refuse(defaults);
      return place(defaults);
    },
    volumeLabels: objectLabels,
  };
  return new RegistryContainer(name, args, all(providers));
}
