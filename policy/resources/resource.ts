import type { Properties } from "./value.ts";

/** A resource as a rule sees it. */
export interface Resource {
  /** `docker:index/container:Container` */
  type: string;
  urn: string;
  /** Inputs, or for rules about the stack outputs. */
  properties: Properties;
  /** Pulumi refuses to delete it. */
  protect: boolean;
  /** URNs of the resources that each property comes from; known in a preview, too. */
  sources: Record<string, string[]>;
}
