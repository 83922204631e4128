/** The options that a command needs to be about a stack: none for the default one, else `--stack NAME`. */
export function stackFlag(stack: string): string {
  return stack === "dev" ? "" : `--stack ${stack}`;
}
