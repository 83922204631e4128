import * as pulumi from "@pulumi/pulumi";
import type { DataHost } from "../../components/docker-host/data-host.ts";
import type { RegistryContainer } from "../../components/registry/registry-container.ts";
import type { RegistryService } from "../../components/registry/registry-service.ts";
import type { RegistryStorage } from "../../components/registry/registry-storage.ts";
import type { ServerFiles } from "../../components/registry/server-files.ts";
import { type ObjectStorage, storeOf } from "../../components/registry/stores/stores.ts";
import { Htpasswd } from "../../components/users/htpasswd.ts";
import type { Certificates } from "../../components/whole/certificates.ts";
import type { Refusal } from "../../lib/validation/refusal.ts";
import type { Providers } from "../docker-host/make.ts";
import type { Settings, SettingsWithRegistry } from "../settings/settings.ts";
import { isOnOneMachine } from "../storage/find-data-host.ts";
import { makeStorage } from "../storage/make.ts";
import { ephemeralLabels } from "../throw-away/ephemeral-labels.ts";
import { type RegistryOutputs, registryOutputs } from "./outputs.ts";
import { runRegistry } from "./run.ts";

/** What the rest of a stack gives to its registry. */
export interface Surroundings {
  certificates: Certificates | undefined;
  providers: Providers;
  /** The network of the stack's own, made where it is asked for. */
  network: () => pulumi.Output<string>;
  /** The machine with the images, being asked. */
  machine: Promise<DataHost | undefined>;
  /** Ends the run of a registry that is new; undefined: nothing is wrong. */
  refusedIfNew: Refusal | undefined;
}

export interface MadeRegistry {
  registry: RegistryContainer | RegistryService;
  outputs: RegistryOutputs;
  /** What must never be seen from outside, beside the passwords and the server's key. */
  secrets: pulumi.Output<string[]>;
}

/** Makes the registry of a stack: its storage, its users, and what runs it. */
export async function makeRegistry(
  settings: SettingsWithRegistry,
  { certificates, providers, network, machine, refusedIfNew }: Surroundings,
): Promise<MadeRegistry> {
  const host = isOnOneMachine(settings) ? machine.then((found) => found ?? ("unknown" as const)) : undefined;
  const stored = await makeStorage(settings, { providers: [providers.kit] });
  const { storage } = stored;
  const users =
    settings.users === "none"
      ? undefined
      : new Htpasswd("registry-users", { users: settings.users }, { provider: providers.kit });
  const labels = ephemeralLabels(settings, pulumi.getStack());
  const served = { tls: serverFiles(settings, certificates), htpasswd: users?.htpasswd, storage };
  const parts = { ...served, dataHost: await host, labels, network, refusedIfNew };
  const registry = runRegistry("registry", settings, parts, providers);
  const secrets = [registry.httpSecret, ...(users ? [users.htpasswd] : [])];
  return {
    registry,
    outputs: registryOutputs(settings, { registry, users, ...stored }),
    secrets: pulumi.all([pulumi.all(secrets), secretsOf(storage)]).apply((lists) => lists.flat()),
  };
}

/** Client certificates are for the registry alone: daemons send none to their mirrors. */
function serverFiles({ tls }: Settings, certificates: Certificates | undefined): ServerFiles | undefined {
  if (!certificates) return undefined;
  const { chainPem, privateKeyPem } = certificates.server;
  const clients = tls === "none" ? undefined : tls.clients;
  return { chainPem, privateKeyPem, ...(clients ? { clientAuthoritiesPem: clients.authorities } : {}) };
}

function secretsOf(storage: RegistryStorage): pulumi.Output<string[]> {
  if (!("objects" in storage)) return pulumi.output([]);
  return pulumi.output(storage.objects).apply((store) => storeOf(store as ObjectStorage).secrets);
}
