import * as pulumi from "@pulumi/pulumi";
import { storePlace } from "../../components/registry/describe-store.ts";
import type { RegistryContainer } from "../../components/registry/registry-container.ts";
import type { RegistryService } from "../../components/registry/registry-service.ts";
import type { Htpasswd } from "../../components/users/htpasswd.ts";
import type { Settings, SettingsWithRegistry } from "../settings/settings.ts";
import type { StackStorage, StorageOutputs } from "../storage/make.ts";
import { imagePrefix, registryUrl } from "./registry-url.ts";

/** What a stack tells of its registry. */
export interface RegistryOutputs extends StorageOutputs {
  /** Where clients reach the registry: scheme, first host, port. */
  url: string;
  port: number;
  userNames: pulumi.Output<string[]> | string[];
  /** Name -> password, secret; users that were given as a hash are missing. */
  passwords: pulumi.Output<Record<string, string>>;
  /** The volume with the images; undefined with a bind mount and with object storage. */
  volume?: pulumi.Output<string>;
  /** Whether that volume outlives the stack, as the state has it: a teardown goes by this, not by the settings file. */
  volumeKept?: boolean;
  /** The bucket or container with the images, in words; undefined where they are on the Docker host. */
  store?: pulumi.Output<string>;
  /** Undefined where the registry is a service. */
  containerId?: pulumi.Output<string>;
  /** Undefined where the registry is a container. */
  service?: {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    publish: "ingress" | "host";
    replicas: number | "global";
  };
  /** What `verify` shows a registry that asks for client certificates; secret. */
  proofClient?: pulumi.Output<{ certificate: string; privateKey: string }>;
  /** Where the registry's cache of descriptions is; undefined: in its memory. */
  redis?: string[];
  /** False where the settings make the registry read-only. */
  acceptsPushes: boolean;
  /** What to type on a client. */
  dockerLogin: string;
  /** Of a throw-away stack: what a clone without its settings file needs to go on with it. */
  ephemeral?: { from: string; created: string; name: string };
}

/** What was made for the registry of a stack. @param users undefined: everyone may push and pull */
export interface MadeParts extends StackStorage {
  registry: RegistryContainer | RegistryService;
  users: Htpasswd | undefined;
}

/** What a stack tells of its registry, from its settings and from what was made. */
export function registryOutputs(
  settings: SettingsWithRegistry,
  { registry, users, storage, outputs }: MadeParts,
): RegistryOutputs {
  const { name, port, registry: options, ephemeral } = settings;
  return {
    url: registryUrl(settings, port),
    port,
    userNames: users?.userNames ?? [],
    passwords: users?.passwords ?? pulumi.secret<Record<string, string>>({}),
    ...(registry.volume ? { volume: registry.volume } : {}),
    ...("volume" in storage ? { volumeKept: storage.volume.keep !== false } : {}),
    ...("objects" in storage ? { store: storePlace(storage.objects) } : {}),
    ...("containerId" in registry ? { containerId: registry.containerId } : serviceOutputs(settings, registry)),
    acceptsPushes: !options.readOnly,
    ...proofClient(settings),
    ...redisPlace(settings),
    dockerLogin: `docker login ${imagePrefix(settings, port)}`,
    ...(ephemeral ? { ephemeral: { ...ephemeral, name } } : {}),
    ...outputs,
  };
}

function serviceOutputs({ service }: Settings, registry: RegistryService): Pick<RegistryOutputs, "service"> {
  return {
    service: {
      id: registry.serviceId,
      name: registry.serviceName,
      publish: service?.publish ?? "ingress",
      replicas: service?.replicas ?? 1,
    },
  };
}

/** The certificate that the proof shows, where the registry asks for one. */
function proofClient({ tls }: Settings): Pick<RegistryOutputs, "proofClient"> {
  if (tls === "none" || !tls.clients) return {};
  const { certificate, privateKey } = tls.clients;
  return { proofClient: pulumi.secret({ certificate, privateKey }) };
}

function redisPlace({ name, registry, service }: SettingsWithRegistry): Pick<RegistryOutputs, "redis"> {
  if (service?.redisCache) return { redis: [`${name}-cache`] };
  return registry.redis ? { redis: registry.redis.addresses } : {};
}
