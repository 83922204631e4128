import type { Settings } from "../settings/settings.ts";
import { secretPaths } from "./secret-paths.ts";

/** The secrets that stand in the settings themselves, such as the password for a cache's upstream; without the users' passwords. */
export function secretSettings({ users: _, ...settings }: Settings): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    secretPaths(key, value)
      .map((path) =>
        path.slice(1).reduce((inner: unknown, step) => (inner as Record<PropertyKey, unknown>)[step], value),
      )
      .filter((secret) => typeof secret === "string"),
  );
}
