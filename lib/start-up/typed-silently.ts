import { typed } from "./typed.ts";

/** As {@link typed}, for a command whose output another program reads: npm's own lines are left out. */
export function typedSilently(command: string, rest = ""): string {
  return typed(command, rest).replace(/^npm run/, "npm run --silent");
}
