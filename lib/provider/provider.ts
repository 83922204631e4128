import type { ComponentResourceOptions, Input, Inputs } from "@pulumi/pulumi";
import type { PropertyMap } from "../protocol/property-value.ts";
import type { EngineConnection } from "./exit-with-engine.ts";
import type { CheckResult, Lifecycle, Severity } from "./lifecycle.ts";

/**
 * Makes a component for a program in another language, whose inputs may be outputs of resources. It resolves as soon as all of the
 * component's resources are on their way.
 */
export type Components = (
  type: string,
  name: string,
  inputs: Inputs,
  options: ComponentResourceOptions,
) => Promise<{ urn: Input<string>; state: Inputs }>;

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
  /** The schema of the provider's package, JSON, of which libraries for other languages are made. */
  schema?(): Promise<string>;
  /** Makes the components of that schema. */
  components?: Components;
}

export interface EngineLog extends EngineConnection {
  (urn: string, severity: Severity, message: string): void;
  attach(address: string): void;
}
