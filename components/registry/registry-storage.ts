import type * as pulumi from "@pulumi/pulumi";
import type { StorageConfiguration } from "./configuration/storage-configuration.ts";

/** Storage outside the Docker host: what its servers answer is the same for every registry that uses it. */
export type ObjectStorage = Exclude<StorageConfiguration, { driver: "filesystem" | "inmemory" }>;

/** A Docker volume (kept on teardown unless `keep` is false), a folder of the Docker host (never removed), or object storage. */
export type RegistryStorage =
  | {
      volume: {
        name: string;
        driver?: string | undefined;
        driverOptions?: Record<string, string> | undefined;
        keep: boolean;
      };
    }
  | { bindMount: { path: string } }
  /** Holds credentials, so it is secret wherever it goes. */
  | { objects: pulumi.Input<ObjectStorage> };
