import type { PropertyMap } from "../protocol/property-value.ts";
import type { EngineConnection } from "./exit-with-engine.ts";
import type { CheckResult, Lifecycle, Severity } from "./lifecycle.ts";

/** A resource provider: what `serveProvider` needs to answer an engine. */

export interface Provider {
  /** Semantic version, told to the engine. */
  version: string;
  /** Takes the provider's own configuration, before any other request. */
  configure?(config: PropertyMap): Promise<void>;
  /** Checks the provider's own configuration, and marks what is secret in it; failures are its input problems. */
  checkConfig?(config: PropertyMap): Promise<CheckResult>;
  /** The lifecycle of a resource type such as `docker:index/container:Container`; it may be loaded at its first use. */
  lifecycle(type: string): Lifecycle | undefined | Promise<Lifecycle | undefined>;
  /** Runs a function such as `docker:index/getNetwork:getNetwork`; undefined: there is none of that name. */
  invoke?(token: string, args: PropertyMap): Promise<PropertyMap | undefined>;
}
export interface EngineLog extends EngineConnection {
  (urn: string, severity: Severity, message: string): void;
  attach(address: string): void;
}
