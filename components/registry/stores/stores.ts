import type { z } from "zod";
import type { YamlMap } from "../configuration/render-yaml.ts";
import { azure } from "./azure.ts";
import { gcs } from "./gcs.ts";
import { s3 } from "./s3.ts";
import type { StoreErrors } from "./store-kind.ts";

/** Every kind of object storage. A new one is a file beside these, and a place in this list. */
export const stores = [s3, azure, gcs] as const;

type Kinds = typeof stores;
type SchemasOf<All extends readonly { schema: unknown }[]> = { [Index in keyof All]: All[Index]["schema"] };

/** Their schemas, each with its driver. */
export const storeSchemas = stores.map(({ schema }) => schema) as unknown as SchemasOf<Kinds>;

/** Storage outside the Docker host: what its servers answer is the same for every registry that uses it. */
export type ObjectStorage = z.output<Kinds[number]["schema"]>;

/** What the kit knows of some object storage. */
export interface Store {
  /** The driver's section of config.yml. */
  parameters: YamlMap;
  /** Without anything secret: `s3 bucket images`. */
  place: string;
  /** URL of a server that is not the provider's own. */
  server: string | undefined;
  clientsReach: boolean;
  /** Credentials that nobody may see. */
  secrets: string[];
}

/** What the kit knows of this object storage. */
export function storeOf(storage: ObjectStorage): Store {
  const kind = stores.find(({ driver }) => driver === storage.driver) as AnyKind | undefined;
  if (!kind) throw new Error(`There is no storage "${storage.driver}".`);
  return {
    parameters: kind.parameters(storage),
    place: kind.place(storage),
    server: kind.server(storage),
    clientsReach: kind.clientsReach(storage),
    secrets: kind.secrets(storage).filter((secret) => secret !== undefined),
  };
}

/** A kind whose options are those of the storage that it was found by. */
interface AnyKind {
  parameters(options: ObjectStorage): YamlMap;
  place(options: ObjectStorage): string;
  server(options: ObjectStorage): string | undefined;
  clientsReach(options: ObjectStorage): boolean;
  secrets(options: ObjectStorage): (string | undefined)[];
  errors: StoreErrors;
}
