import { configurationFolder, storeAuthorityName } from "../../components/files/layout.ts";
import type { RegistryOptionsInput } from "../../components/registry/configuration/registry-options.ts";
import type { StorageConfigurationInput } from "../../components/registry/configuration/storage-configuration.ts";
import { RealRegistry, specOf } from "../registry/configuration/real-registry.ts";

const storeAuthorityFile = `${configurationFolder}/${storeAuthorityName}`;

export interface StoreRegistry extends AsyncDisposable {
  registry: RealRegistry;
  /** `http://127.0.0.1:49153`. */
  url: string;
}

export interface StoreRegistryOptions {
  options?: RegistryOptionsInput;
  httpSecret?: string;
  /** PEM of the store's authority, handed over as the kit does it. */
  authority?: string;
  /** Names that the container resolves: `["store.test:172.17.0.1"]`. */
  hosts?: string[];
}

/** A registry on a store, with the configuration that the kit renders. */
export async function startStoreRegistry(
  storage: StorageConfigurationInput,
  { options = {}, httpSecret, authority, hosts = [] }: StoreRegistryOptions = {},
): Promise<StoreRegistry> {
  const spec = specOf(options, { storage, ...(httpSecret ? { httpSecret } : {}) });
  const trust = authority ? ["--env", `SSL_CERT_FILE=${storeAuthorityFile}`] : [];
  const registry = await RealRegistry.start(spec, {
    ...(authority ? { files: { [storeAuthorityFile]: authority } } : {}),
    create: [...trust, ...hosts.flatMap((host) => ["--add-host", host])],
  });
  return {
    registry,
    url: `http://${await registry.address()}`,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
