import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStorage } from "./stores/stores.ts";

/** A Docker volume (kept on teardown unless `keep` is false), a folder of the Docker host (never removed), or object storage. */
export type RegistryStorage =
  | {
      volume: {
        name: pulumi.Input<string>;
        driver?: string | undefined;
        driverOptions?: Record<string, string> | undefined;
        keep?: boolean | undefined;
      };
    }
  | { bindMount: { path: pulumi.Input<string> } }
  | {
      /** Holds credentials, so it is secret wherever it goes. */
      objects: pulumi.Input<ObjectStorage>;
      /**
       * PEM of authorities that sign the store's certificate, trusted beside the public ones; by the whole registry,
       * as it has one set of them. A change of it restarts the registry; a first one replaces the container.
       */
      authority?: pulumi.Input<string> | undefined;
      /** The access key of S3 has a session token, and so an end. */
      hasSessionToken?: boolean | undefined;
    };
