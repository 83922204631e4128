/**
 * What a preview would do, as data: the form of the Pulumi CLI's `preview --json`, which the built-in engine's `--json` has too,
 * with the findings of policies, which the CLI leaves out of it. Secrets are `[secret]`, what is not known yet is a UUID.
 */
export interface PreviewDigest {
  steps: DigestStep[];
  diagnostics: { severity: string; message: string; urn?: string | undefined }[];
  /** Steps by operation: `create`, `update`, `replace`, `delete`, `same`, ... */
  changeSummary: Record<string, number>;
  policies: PolicyFinding[];
  /** Names of the packs that were asked, with versions; empty: none was. */
  packs: string[];
}

export interface DigestStep {
  /** `create`, `update`, `replace`, `delete`, `same`, `read`, `discard`, and for replacements their parts. */
  op: string;
  urn: string;
  oldState?: DigestState | undefined;
  newState?: DigestState | undefined;
  /** Changed top-level properties. */
  diffReasons?: string[] | undefined;
  /** Those of them that force a replacement. */
  replaceReasons?: string[] | undefined;
}

export interface DigestState {
  /** True for resources that a provider manages; components have none, and are no objects. */
  custom?: boolean | undefined;
  inputs?: Record<string, unknown> | undefined;
  outputs?: Record<string, unknown> | undefined;
  retainOnDelete?: boolean | undefined;
  protect?: boolean | undefined;
}

export interface PolicyFinding {
  policy: string;
  level: string;
  urn: string;
  message: string;
}
