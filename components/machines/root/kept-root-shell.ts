/** The environment variable with the socket of a command that was given root's rights on its terminal. */
export const rootShellVariable = "REGISTRY_KIT_ROOT_SHELL";

let kept: string | undefined;

/** Takes the way to the shell of a command out of the environment: what this process starts, such as ssh, does not need it. */
export function keepRootShell(): void {
  kept = process.env[rootShellVariable];
  delete process.env[rootShellVariable];
}

/** The socket of the command that this process works for; undefined: it was given no rights. */
export function keptRootShell(): string | undefined {
  return kept ?? process.env[rootShellVariable];
}
