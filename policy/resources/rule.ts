import type { Resource } from "./resource.ts";

/** `mandatory` stops an update before anything is touched; `advisory` is shown. */
export type Level = "advisory" | "mandatory";

interface RuleText {
  /** Stable: people turn rules off by it. */
  name: string;
  /** What must be so, and why: one or two sentences. */
  description: string;
  level: Level;
}

/** A rule that one resource keeps or not, by the inputs that its provider has checked. */
export interface ResourceRule extends RuleText {
  /** What is wrong, and what to do; empty: nothing, or nothing that can be known yet. */
  check(resource: Resource): string[];
}

/** What is wrong about one resource of a stack. */
export interface Finding {
  urn: string;
  message: string;
}

/** A rule about resources that belong together; it sees what they came to be. */
export interface StackRule extends RuleText {
  checkStack(resources: Resource[]): Finding[];
}

export type Rule = ResourceRule | StackRule;
