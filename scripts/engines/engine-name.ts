import { InvalidArgumentError } from "commander";

/** What `--engine` names: the Pulumi CLI, or the engine in engine/. */
export type EngineName = "pulumi" | "builtin";

/**
 * Reads the value of `--engine`. `own` is what the built-in engine was called before, and still means it.
 * @throws {InvalidArgumentError} for any other name
 */
export function engineName(text: string): EngineName {
  if (text === "own") return "builtin";
  if (text === "pulumi" || text === "builtin") return text;
  throw new InvalidArgumentError('Allowed are "pulumi" and "builtin".');
}
