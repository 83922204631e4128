import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The backend of the last `pulumi login`, which the Pulumi CLI keeps as `current` in its credentials; undefined where there is no
 * login, or after a logout.
 * @throws where the file cannot be read.
 */
export function loggedInBackend(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = environment.PULUMI_HOME || join(environment.HOME || homedir(), ".pulumi");
  const file = join(environment.PULUMI_CREDENTIALS_PATH || home, "credentials.json");
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { current?: string }).current || undefined;
  } catch (error) {
    throw new Error(
      `State: ${file} can't be read: ${(error as Error).message}. Type: pulumi login, or set PULUMI_BACKEND_URL.`,
    );
  }
}
