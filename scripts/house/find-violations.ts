import { cruise, type IAllowedRuleType } from "dependency-cruiser";

/** A rule of the house that is broken. */
export interface Violation {
  /** What may not be: a circle of files, or an import that no list has. */
  rule: "circle" | "import";
  /** The files, from the one that imports; of a circle all, and the first again. */
  path: string[];
}

/** Room -> the rooms that it may import, beside packages. Each stands above it in the list. */
export type Rooms = Record<string, string[]>;

/** The schemas of the nouns in stacks/: the settings of all of them are made of these, and the rest of a noun reads the settings of all. */
const schemas = "stacks/NOUN/settings.ts";
const schemaFiles = "^stacks/[a-z-]+/[a-z-]*settings[.]ts$";
const noNouns = "^stacks/(settings|loading)/";

/**
 * What in a folder breaks the rules of the house: circles of files, and imports of rooms that the list does not allow.
 *
 * @param folder with the rooms in it
 * @throws where the list names a room that does not stand above the one that may import it
 */
export async function findViolations(folder: string, rooms: Rooms): Promise<Violation[]> {
  const names = Object.keys(rooms);
  refuseWrongOrder(names, rooms);
  const tops = [...new Set(names.map((name) => name.split("/")[0] as string))];
  const allowed: IAllowedRuleType[] = [
    { from: {}, to: { pathNot: `^(${tops.join("|")})/` } },
    ...names.flatMap((name) =>
      [name, ...(rooms[name] ?? [])].map((other) => ({ from: files(name), to: files(other) })),
    ),
  ];
  const ruleSet = {
    forbidden: [{ name: "circle", severity: "error" as const, from: {}, to: { circular: true } }],
    allowed,
    allowedSeverity: "error" as const,
  };
  const { output } = await cruise(tops, {
    baseDir: folder,
    ruleSet,
    validate: true,
    // Types, too: a file that imports a type knows the room that has it.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^test/" },
  });
  if (typeof output === "string") throw new Error(output);
  return output.summary.violations.map(({ rule, from, to, cycle }) =>
    rule.name === "circle"
      ? { rule: "circle", path: [from, ...(cycle ?? []).map(({ name }) => name)] }
      : { rule: "import", path: [from, to] },
  );
}

function files(name: string): { path: string; pathNot?: string } {
  if (name === schemas) return { path: schemaFiles, pathNot: noNouns };
  if (name.endsWith(".ts")) return { path: `^${name.replaceAll(".", "[.]")}$` };
  if (name.endsWith("/*")) return { path: `^${name.slice(0, -1)}[^/]+$` };
  const isNoun = name.startsWith("stacks/") && !new RegExp(noNouns).test(`${name}/`);
  return { path: `^${name}/`, ...(isNoun ? { pathNot: schemaFiles } : {}) };
}

function refuseWrongOrder(names: string[], rooms: Rooms): void {
  for (const [index, name] of names.entries())
    for (const other of rooms[name] ?? [])
      if (!names.slice(0, index).includes(other))
        throw new Error(`${name} may import ${other}, which does not stand above it in the list of rooms.`);
}
