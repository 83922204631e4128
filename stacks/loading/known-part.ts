import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { leafIssues, nearest } from "../../lib/validation/describe-issues.ts";
import { NotKnown } from "../settings/rule.ts";

type Path = PropertyKey[];

export interface Parsed<Value> {
  schema: z.ZodType<Value>;
  given: Record<string, unknown>;
  /** What the schema made of it. */
  result: z.ZodSafeParseResult<Value>;
  /** Keys that are meant by others which are no settings. */
  meant: string[];
  /** Stand in for required settings that are lost, so that the others can be read; never seen. */
  standIns: Record<string, unknown>;
  /** The keys that are allowed at a path. */
  keysAt: (path: Path) => string[];
}

/**
 * What can be said of settings with mistakes in them: all others, with their defaults. Code that reads one with a mistake gets
 * {@link NotKnown}: its default would be what nobody has asked for. undefined: nothing can be said.
 */
export function knownPart<Value extends object>(parsed: Parsed<Value>): Value | undefined {
  const { schema, standIns, keysAt, meant } = parsed;
  const given = structuredClone(parsed.given);
  const lost: Path[] = meant.filter((key) => !(key in given)).map((key) => [key]);
  let { result } = parsed;
  while (!result.success) {
    const before = lost.length;
    const found = leafIssues(result.error).map((issue) => lose(given, issue, keysAt));
    for (const path of found.flatMap(({ paths }) => paths)) {
      if (!lost.some((known) => isDeepStrictEqual(known, path))) lost.push(path);
    }
    // Each round takes something out, or there is nothing that could be.
    if (lost.length === before && !found.some(({ tookOut }) => tookOut)) return undefined;
    result = schema.safeParse({ ...standIns, ...given });
  }
  return guard(result.data, lost);
}

/** Takes out what an issue is about, or where something is missing what it is missing in. @returns the settings that are lost by it */
function lose(
  given: Record<string, unknown>,
  issue: z.core.$ZodIssue,
  keysAt: Parsed<unknown>["keysAt"],
): { tookOut: boolean; paths: Path[] } {
  const path = stablePath(issue.path);
  if (issue.code === "unrecognized_keys" && path.length === issue.path.length) {
    const tookOut = issue.keys.some((key) => has(given, [...path, key]));
    for (const key of issue.keys) takeOut(given, [...path, key]);
    const wanted = issue.keys.flatMap((key) => nearest(key, keysAt(path)) ?? []);
    return { tookOut, paths: wanted.map((key) => [...path, key]).filter((meant) => !has(given, meant)) };
  }
  for (let length = path.length; length > 0; length--) {
    const place = path.slice(0, length);
    if (!has(given, place)) continue;
    takeOut(given, place);
    return { tookOut: true, paths: [place] };
  }
  return { tookOut: false, paths: [path.slice(0, 1)] };
}

/** A list is known as a whole or not at all, and of the places for images only these come out of the schema as they went in. */
function stablePath(path: Path): Path {
  if (path[0] === "storage" && path[1] !== "volume" && path[1] !== "bindMount") return ["storage"];
  const index = path.findIndex((key) => typeof key === "number");
  return index < 0 ? path : path.slice(0, index);
}

function has(given: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return true;
  return isObject(given) && Object.hasOwn(given, key) && has(given[key], rest);
}

function takeOut(given: unknown, [key, ...rest]: Path): void {
  if (key === undefined || !isObject(given)) return;
  if (rest.length === 0) delete given[key];
  else takeOut(given[key], rest);
}

function guard<Value>(value: Value, lost: Path[]): Value {
  if (lost.length === 0 || !isObject(value)) return value;
  const refuse = (key: PropertyKey) => {
    if (lost.some((path) => path.length === 1 && path[0] === key)) throw new NotKnown(String(key));
  };
  return new Proxy(value, {
    get(target, key) {
      refuse(key);
      const below = lost.flatMap(([first, ...rest]) => (first === key ? [rest] : []));
      return guard(Reflect.get(target, key), below);
    },
    has(target, key) {
      refuse(key);
      return Reflect.has(target, key);
    },
    // Of a list of names it is unknown what all of them are as soon as one is lost.
    ownKeys(target) {
      for (const [key, ...rest] of lost) if (rest.length === 0 && key !== undefined && !(key in target)) refuse(key);
      return Reflect.ownKeys(target);
    },
  });
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
