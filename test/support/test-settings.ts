import { loadSettings, SettingsError } from "../../stacks/loading/load-settings.ts";
import type { Settings } from "../../stacks/settings/settings.ts";

/** Settings as an engine hands them over, objects and lists as JSON text, checked as for a deployment of a stack. */
export function testSettings(given: Record<string, unknown>, { stack = "dev", now = new Date() } = {}): Settings {
  const values = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [[`registry-kit:${key}`, typeof value === "string" ? value : JSON.stringify(value)]],
  );
  return loadSettings({ values: Object.fromEntries(values), project: "registry-kit", stack }, now);
}

/** What is wrong with the settings that are loaded there, a line each. */
export function settingsProblems(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ path, reason }) => `${path} ${reason}`);
    throw error;
  }
  return [];
}
