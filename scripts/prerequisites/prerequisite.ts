/** Takes one line for the user: what was found, or what is being made. */
export type Report = (line: string) => void;

/** What every prerequisite is asked with. */
export interface PrerequisiteOptions {
  /** Whether what is missing may be installed or made; false: it is only reported, by an error that says what to do. */
  install: boolean;
}
