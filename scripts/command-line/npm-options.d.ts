/** What was typed before `--`, so that npm has taken it: an option's name -> its value as npm passes it on. */
export function takenByNpm(
  environment: Record<string, string | undefined>,
  before: Record<string, string | undefined> | undefined,
): Map<string, string>;
/** What the command gets of that, or the message that refuses it. */
export function giveBack(
  script: string,
  args: string[],
  taken: Map<string, string>,
): { refused: string | undefined; args: string[] };
/** The environment that npm was started with; undefined where the system does not show it. */
export function environmentOfNpm(event: string): Record<string, string> | undefined;
/** Options of the commands that npm has none of by the same name. */
export const ownOptions: Set<string>;
