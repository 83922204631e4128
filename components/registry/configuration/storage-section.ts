import { storeOf } from "../stores/stores.ts";
import type { RegistryOptions } from "./registry-options.ts";
import type { YamlMap } from "./render-yaml.ts";
import type { StorageConfiguration } from "./storage-configuration.ts";

/** The `storage` section: the driver, and what the registry does with any driver. */
export function storageSection(storage: StorageConfiguration, options: RegistryOptions): YamlMap {
  const { uploadPurging, cache, tagLookupConcurrency } = options;
  return {
    ...driverSection(storage),
    cache: cache === "none" ? undefined : { blobdescriptor: cache },
    delete: { enabled: options.delete },
    // The registry stops at anything but maps here, and at a purge without all four keys.
    maintenance: {
      readonly: { enabled: options.readOnly },
      uploadpurging: {
        enabled: uploadPurging.enabled,
        age: uploadPurging.age,
        interval: uploadPurging.interval,
        dryrun: false,
      },
    },
    redirect: { disable: !(options.redirect ?? clientsReach(storage)) },
    tag: tagLookupConcurrency === undefined ? undefined : { concurrencylimit: tagLookupConcurrency },
  };
}

/** A volume and memory are never redirected to: the driver has no address. */
function clientsReach(storage: StorageConfiguration): boolean {
  return storage.driver === "filesystem" || storage.driver === "inmemory" || storeOf(storage).clientsReach;
}

function driverSection(storage: StorageConfiguration): YamlMap {
  switch (storage.driver) {
    case "filesystem":
      return { filesystem: { rootdirectory: storage.rootDirectory, maxthreads: storage.maxThreads } };
    case "inmemory":
      return { inmemory: {} };
    default:
      return { [storage.driver]: storeOf(storage).parameters };
  }
}
