import type { Problem } from "../../lib/validation/describe-issues.ts";
import { nearest, nearMiss } from "../../lib/validation/describe-issues.ts";
import { plainTextProblems } from "../registry/plain-text-problems.ts";
import { keysAt } from "../schema/schema-places.ts";
import type { Settings } from "../settings/settings.ts";
import { settings } from "../settings/settings.ts";
import { crossProblems } from "./cross-problems.ts";
import { interpret } from "./interpret.ts";
import { knownPart } from "./known-part.ts";
import { schemaProblems } from "./schema-problems.ts";

/** Settings that can't be used: every problem at once, in words. */
export class SettingsError extends Error {
  override name = "SettingsError";
  readonly problems: Problem[];
  /** What is known of the settings all the same; reading what has a mistake throws NotKnown. */
  readonly known: Settings | undefined;
  constructor(stack: string, problems: Problem[], known?: Settings) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map(({ path, reason, at }) => `  ${path} ${reason}${at ? placeText(at) : ""}`);
    super(
      `Settings of stack "${stack}" (stacks/Pulumi.${stack}.yaml): ${count}, nothing was changed.\n${lines.join("\n")}`,
    );
    this.problems = problems;
    this.known = known;
  }
}

function placeText({ line, column }: { line: number; column: number }): string {
  return ` (line ${line}, column ${column})`;
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
    if (!name.startsWith(`${project}:`)) {
      problems.push(...misspelled(name, project));
      continue;
    }
    const key = name.slice(project.length + 1);
    if (Object.hasOwn(settings.shape, key)) given[key] = interpret(text, settings.shape[key as keyof Settings]);
    else {
      problems.push({ path: key, reason: `is not a setting.${asSection(key, known) ?? nearMiss(key, known)}` });
      meant.push(...[nearest(key, known)].filter((name) => name !== undefined));
    }
  }
  const result = settings.safeParse(given);
  const knownKeys = (path: PropertyKey[]) => keysAt(settings, path);
  if (!result.success) problems.push(...schemaProblems(result.error, given));
  // Found now, too, so that all can be corrected in one round.
  problems.push(...plainTextProblems(given));
  const part = knownPart({ schema: settings, given, result, meant, standIns, keysAt: knownKeys });
  if (part) problems.push(...crossProblems(part, now));
  if (problems.length > 0 || !result.success) throw new SettingsError(stack, problems, part);
  return result.data;
}

/** Those whose settings a stack can have beside its own. */
const packages = ["pulumi", "aws", "docker"];

/** A key of another package, whose name is nearly this project's. */
function misspelled(name: string, project: string): Problem[] {
  const [namespace = "", ...rest] = name.split(":");
  if (packages.includes(namespace) || nearest(namespace, [project]) === undefined) return [];
  return [{ path: name, reason: `is no setting of ${project}. Did you mean "${[project, ...rest].join(":")}"?` }];
}

/** `tls.keyType` at the top: what commands take is no key of the file. */
function asSection(key: string, known: string[]): string | undefined {
  const [section = "", ...rest] = key.split(".");
  if (rest.length === 0 || !known.includes(section)) return undefined;
  return ` Write "${rest.join(".")}" in the section "${section}".`;
}
