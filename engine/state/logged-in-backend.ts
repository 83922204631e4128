import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { goJsonValue } from "../../lib/files/go-json-value.ts";

/**
 * The backend of the last `pulumi login`, which the Pulumi CLI keeps as `current` in its credentials; undefined where there is no
 * login, or after a logout. As in the CLI, an empty file is no login, and the case of the key does not count (Go's JSON).
 * @throws where the file cannot be read, or where the CLI has encrypted it (PULUMI_CREDENTIALS_STORE).
 */
export function loggedInBackend(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = environment.PULUMI_HOME || join(environment.HOME || homedir(), ".pulumi");
  const file = join(environment.PULUMI_CREDENTIALS_PATH || home, "credentials.json");
  if (!existsSync(file)) return undefined;
  try {
    const text = readFileSync(file, "utf8");
    if (text === "") return undefined;
    const content: unknown = JSON.parse(text);
    if (content === null) return undefined;
    if (typeof content !== "object" || Array.isArray(content)) throw new Error("it holds no JSON object");
    if ("$pulumiSecureStore" in content) throw new Error("the Pulumi CLI has encrypted it, and only the CLI reads it");
    const current = goJsonValue(content, "current") ?? "";
    if (typeof current !== "string") throw new Error("current is no text");
    return current || undefined;
  } catch (error) {
    throw new Error(
      `State: ${file} can't be read: ${(error as Error).message}. Type: pulumi login, or set PULUMI_BACKEND_URL.`,
    );
  }
}
