/** What a command needs to be about a stack: nothing for the default one, else ` -- --stack NAME`. */
export function stackFlag(stack: string): string {
  return stack === "dev" ? "" : ` -- --stack ${stack}`;
}
