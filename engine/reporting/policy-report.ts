/** `disabled` rules do not run; Pulumi's fourth level, `remediate`, would change resources, which this engine does not do. */
export type EnforcementLevel = "advisory" | "mandatory" | "disabled";

/** What a pack of policies found in a run. */
export interface PolicyReport {
  name: string;
  version: string;
  /** As it was given. */
  path: string;
  violations: PolicyViolation[];
}

export interface PolicyViolation {
  policy: string;
  level: Exclude<EnforcementLevel, "disabled">;
  /** URN; of the stack where a policy names no resource. */
  urn: string;
  /** The policy's description, and what is wrong. */
  message: string;
}

/** Whether an update must not go on. */
export function isMandatory({ level }: PolicyViolation): boolean {
  return level === "mandatory";
}
