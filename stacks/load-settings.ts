import type { z } from "zod";
import type { Problem } from "../components/validation/describe-issues.ts";
import { describeIssues, nearest, nearMiss } from "../components/validation/describe-issues.ts";
import { crossProblems } from "./settings/cross-problems.ts";
import { knownPart } from "./settings/known-part.ts";
import type { Settings } from "./settings.ts";
import { settings } from "./settings.ts";

/** Settings that can't be used: every problem at once, in words. */
export class SettingsError extends Error {
  override name = "SettingsError";
  readonly problems: Problem[];
  constructor(stack: string, problems: Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map(({ path, reason }) => `  ${path} ${reason}`);
    super(
      `Settings of stack "${stack}" (stacks/Pulumi.${stack}.yaml): ${count}, nothing was touched.\n${lines.join("\n")}`,
    );
    this.problems = problems;
  }
}

/** The configuration of a stack as an engine hands it to the program. */
export interface StackConfiguration {
  /** `registry-kit:port` -> `"5000"`; objects and lists as JSON text, secrets decrypted. */
  values: Record<string, string>;
  project: string;
  stack: string;
}

/** Never looked at: what has no default has to be there for the rest to be read. */
const standIns = { hosts: ["localhost"] };

/** Checks the configuration of a stack. @throws {SettingsError} that names every problem, and no secret. */
export function loadSettings({ values, project, stack }: StackConfiguration, now: Date): Settings {
  const known = Object.keys(settings.shape);
  const problems: Problem[] = [];
  const given: Record<string, unknown> = {};
  const meant: string[] = [];
  for (const [name, text] of Object.entries(values)) {
    if (!name.startsWith(`${project}:`)) continue;
    const key = name.slice(project.length + 1);
    if (key in settings.shape) given[key] = interpret(text, settings.shape[key as keyof Settings]);
    else {
      problems.push({ path: key, reason: `is not a setting.${nearMiss(key, known)}` });
      meant.push(...[nearest(key, known)].filter((name) => name !== undefined));
    }
  }
  const result = settings.safeParse(given);
  const knownKeys = (path: PropertyKey[]) => keysAt(settings, path);
  if (!result.success) problems.push(...describeIssues(result.error, knownKeys));
  // Found now, too, so that nobody mends the ones to be told of the others.
  const part = knownPart({ schema: settings, given, result, meant, standIns, keysAt: knownKeys });
  if (part) problems.push(...crossProblems(part, now));
  if (problems.length > 0 || !result.success) throw new SettingsError(stack, problems);
  return result.data;
}

/** An engine hands every value over as text: `5000`, `true` and `{"a":1}` mean what the schema says they are. */
function interpret(text: string, schema: z.ZodType): unknown {
  if (schema.safeParse(text).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The keys that are allowed at a path, for the guess behind a typing error. */
function keysAt(schema: z.ZodType, path: PropertyKey[]): string[] {
  let current: z.ZodType | undefined = schema;
  for (const key of path) current = current && step(unwrap(current), key);
  const object = current && unwrap(current);
  return object && "shape" in object ? Object.keys(object.shape as object) : [];
}

function step(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if ("shape" in schema) return (schema.shape as Record<PropertyKey, z.ZodType>)[key];
  if ("element" in schema) return schema.element as z.ZodType;
  if ("valueType" in schema) return schema.valueType as z.ZodType;
  return undefined;
}

/** The object, list or record inside defaults, optionals, transforms and unions. */
function unwrap(schema: z.ZodType): z.ZodType {
  const definition = schema.def as { innerType?: z.ZodType; in?: z.ZodType; options?: z.ZodType[] };
  const inner =
    definition.innerType ??
    definition.in ??
    definition.options?.find((option) => "shape" in unwrap(option) || "valueType" in unwrap(option));
  return inner ? unwrap(inner) : schema;
}
