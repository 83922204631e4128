import { createRequire } from "node:module";
import { name } from "./field-types.ts";

type Compiler = typeof import("re2js");

/** Loaded with the first expression: most registries have none. */
const load = createRequire(import.meta.url) as (module: "re2js") => Compiler;

/** A regular expression that the registry compiles when it starts, which fails where Go's RE2 does not read it. */
export const regularExpression = name.superRefine((pattern, context) => {
  const problem = expressionProblem(pattern);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

function expressionProblem(pattern: string): string | undefined {
  const { RE2JS } = load("re2js");
  const property = [...pattern.matchAll(/\\[pP]\{\^?(\w+)\}/g)].find(([, name = ""]) => !isProperty(name))?.[0];
  try {
    if (property) throw new Error(`invalid character class range: ${property}`);
    // Go takes one name for two groups.
    let group = 0;
    RE2JS.compile(pattern.replace(/\(\?P?<(\w+)>/g, (_, name: string) => `(?P<${name}_${group++}>`));
    return undefined;
  } catch (error) {
    const detail = (error as Error).message.replace(/^error parsing regexp: /, "").replaceAll("`", '"');
    return `is ${JSON.stringify(pattern)}, which the registry does not read (${detail}): it takes RE2 as Go has it, without look-ahead, look-behind, backreferences, \\Z, and possessive or atomic groups`;
  }
}

/** What Go's package unicode has: categories and scripts, and no other property such as Alphabetic. */
function isProperty(name: string): boolean {
  return ["Any", "ASCII"].includes(name) || [`gc=${name}`, `sc=${name}`].some(isInJavaScript);
}

function isInJavaScript(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, "u").unicode;
  } catch {
    return false;
  }
}
