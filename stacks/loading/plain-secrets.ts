import { typed } from "../../lib/start-up/typed.ts";
import { fromJsonText } from "../schema/from-json-text.ts";
import { secretPaths } from "./secret-paths.ts";
import { type StackPlace, settingsText } from "./settings-text.ts";

/**
 * Secret settings that are in the settings file in plain text: one line each with the command that encrypts it, never the value.
 *
 * @param values as an engine hands them over; without a secret among them the file is not even read
 */
export async function plainSecretWarnings(values: Record<string, string>, place: StackPlace): Promise<string[]> {
  const { project, stack } = place;
  const own = Object.entries(values).map(([key, value]) => [unqualified(key, project), fromJsonText(value)] as const);
  if (own.every(([key, value]) => secretPaths(key, value).length === 0)) return [];
  const text = settingsText(place);
  if (text === undefined) return [];
  // Loaded only here: most stacks let the kit generate their secrets.
  const { parse } = await import("yaml");
  const { config } = parse(text) as { config?: Record<string, unknown> };
  return Object.entries(config ?? {}).flatMap(([name, value]) => {
    const key = unqualified(name, project);
    return secretPaths(key, fromJsonText(value)).map((path) => warning(path, stack));
  });
}

function warning(path: PropertyKey[], stack: string): string {
  const [key, ...rest] = path.map(String);
  const steps = rest.map((step) => (/^[\w-]+$/.test(step) ? `.${step}` : `["${step.replace(/["\\]/g, "\\$&")}"]`));
  const command = `${key}${steps.join("")}`.replaceAll("'", `'\\''`);
  return (
    `${path.join(".")} stands in stacks/Pulumi.${stack}.yaml in plain text. To encrypt it there, type: ` +
    typed("config", `set '${command}' --stack ${stack}`)
  );
}

/** The project's own settings without the project's name; other packages' keys as they are, which no schema knows. */
function unqualified(key: string, project: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}
