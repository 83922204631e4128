/** The options that every command has. */

export interface CommonOptions {
  stack: string;
  cwd: string;
}
