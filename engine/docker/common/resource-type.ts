import type Docker from "dockerode";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { RequestContext } from "../../../lib/provider/lifecycle.ts";
import type { Fields } from "./fields.ts";
import type { RegistryAuth } from "./registry-auth.ts";

/** What differs from one Docker resource type to the next; `lifecycleOf` makes a lifecycle of it. */
export interface ResourceType {
  /** For example `docker:index/volume:Volume`. */
  token: string;
  inputs: Fields;
  /** Outputs that no input has, besides `id`. */
  computedOutputs: string[];
  /** Outputs of inputs that were left out and that Pulumi's own plugin wants to find in the state. */
  zeroOutputs?: PropertyMap;
  /** Makes up a name where none is given. */
  autoName: boolean;
  /**
   * When a replacement deletes first: "always", or only where the name is given, as two objects of one name cannot
   * be; "never" where a second one does no harm.
   */
  deleteBeforeReplace: "always" | "if named" | "never";
  /** Further reasons to refuse inputs, beyond what the fields say. */
  problems?(inputs: PropertyMap): { property: string; reason: string }[];
  /**
   * Makes the object and returns its id. Calls `made` as soon as what was made must not be lost: what fails after
   * that is a partial failure; what fails before it must leave nothing behind.
   */
  create(session: Session, inputs: PropertyMap, made: (id: string) => void): Promise<string>;
  /**
   * What Docker says of the object: its id and the outputs it can tell; undefined: it is gone.
   * @param known outputs of the last run, or the inputs of a new object.
   */
  read(session: Session, id: string, known: PropertyMap): Promise<{ id: string; outputs: PropertyMap } | undefined>;
  /** Changes in place; only for types that have inputs of that kind. */
  update?(session: Session, id: string, inputs: PropertyMap, old: PropertyMap): Promise<void>;
  /** Deletes the object; one that is gone counts as deleted. */
  delete(session: Session, id: string, known: PropertyMap): Promise<void>;
  /**
   * What an object of the wanted name is to someone who may have been killed while making it; see `findExisting`.
   * Without it no search by name is possible or needed.
   */
  find?(session: Session, inputs: PropertyMap): Promise<FoundObject | undefined>;
}

/** An object of the wanted name. */
export interface FoundObject {
  id: string;
  /** When the daemon made it, by the daemon's clock. */
  createdAt: Date;
  /** It was never put to use: its creator stopped before the end. */
  isHalfMade: boolean;
}

/** What a request may use. */
export interface Session {
  docker: Docker;
  registryAuth: RegistryAuth;
  log: RequestContext["log"];
  /** Milliseconds that the request may take. */
  timeout: number;
}
