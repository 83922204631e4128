/** Takes one line for the user: what is being made; as a detail, what was found as it should be. */
export type Report = (line: string, level?: "detail") => void;

/** What every prerequisite is asked with. */
export interface PrerequisiteOptions {
  /** Whether what is missing may be installed or made; false: it is only reported, by an error that says what to do. */
  install: boolean;
}
