import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import { isCollection, isNode, parseDocument } from "yaml";
import { z } from "zod";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { yamlProblem } from "../../lib/files/yaml-problem.ts";
import { typed } from "../../lib/start-up/typed.ts";
import { fromJsonText } from "../../stacks/schema/from-json-text.ts";
import { UserError } from "../terminal/user-error.ts";
import { projectName } from "./project-name.ts";
import { projectRoot } from "./project-root.ts";

const stacksFolder = join(projectRoot, "stacks");

/** What the commands need to know before an engine runs; anything wrong is reported by the program itself. */
const early = z.object({
  docker: z.object({ url: z.string().optional(), certPath: z.string().optional() }).catch({}),
  image: z
    .object({ name: z.string().catch("registry:3.1.2"), digest: z.string().optional(), archive: z.string().optional() })
    .catch({ name: "registry:3.1.2" }),
});

/** The settings file of a stack, `stacks/Pulumi.<stack>.yaml`; edits keep comments and order. */
export class SettingsFile {
  readonly path: string;
  private readonly document: Document;

  /** Names of the stacks that have a file. */
  static names(folder = stacksFolder): string[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  }

  static exists(stack: string): boolean {
    return existsSync(SettingsFile.pathOf(stack));
  }

  /** @throws {UserError} where the name is not one that engines take */
  static pathOf(stack: string, folder = stacksFolder): string {
    if (!/^[\w.-]{1,100}$/.test(stack)) {
      throw new UserError(`Stack ${JSON.stringify(stack)}: a name has letters, digits, "_", "." and "-", 100 at most.`);
    }
    return join(folder, `Pulumi.${stack}.yaml`);
  }

  /** @throws {UserError} where there is no such file, it is not YAML, or the name is not one that engines take */
  constructor(stack: string, folder = stacksFolder) {
    this.path = SettingsFile.pathOf(stack, folder);
    if (!existsSync(this.path)) {
      const known = SettingsFile.names(folder);
      throw new UserError(
        `Stack "${stack}": there is no stacks/Pulumi.${stack}.yaml. ${known.length > 0 ? `Stacks here: ${known.join(", ")}.` : `To write one, type: ${typed("init", stack)}`}`,
      );
    }
    const text = readFileSync(this.path, "utf8");
    const document = parseDocument(text);
    // Parsed once more only where something is wrong, or an alias may be.
    const problem = document.errors.length > 0 || text.includes("*") ? yamlProblem(text) : undefined;
    if (problem) throw new UserError(`stacks/Pulumi.${stack}.yaml is not valid YAML: ${problem}.`);
    if (document.contents !== null && !isCollection(document.contents))
      throw new UserError(`stacks/Pulumi.${stack}.yaml must hold a section "config:" with the settings below it.`);
    this.document = document;
  }

  /** SHA-256 of the settings, in hex: the same while they say the same, whatever the comments and the engines' own lines say. */
  digest(): string {
    const { config = {} } = (this.document.toJS() ?? {}) as { config?: Record<string, unknown> };
    const sorted = Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return sha256(JSON.stringify(sorted));
  }

  /** The Docker host and the image, with defaults for what is missing or wrong. */
  early(): { docker: DockerHost; image: { name: string; digest?: string | undefined; archive?: string | undefined } } {
    const { docker, image } = early.parse({ docker: this.get(["docker"]), image: this.get(["image"]) ?? {} });
    return { docker: withoutUndefined(docker), image };
  }

  /** All that is set, by name, as plain data; what is encrypted is so still. */
  settings(): Record<string, unknown> {
    const { config = {} } = (this.document.toJS() ?? {}) as { config?: Record<string, unknown> | null };
    const own = `${projectName}:`;
    return Object.fromEntries(
      Object.entries(config ?? {}).map(([key, value]) => {
        return [key.startsWith(own) ? key.slice(own.length) : key, fromJsonText(value)];
      }),
    );
  }

  /** A setting as plain data; undefined where it is not set. Objects may be written as JSON text, as `pulumi config set` does. */
  get([key = "", ...rest]: (string | number)[]): unknown {
    const node: unknown = this.document.getIn(topPath(String(key)), true);
    const value = fromJsonText(isNode(node) ? node.toJS(this.document) : node);
    return rest.reduce<unknown>(
      (inner, step) => (isMap(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
      value,
    );
  }

  /** Changes one setting and writes the file. @throws {UserError} where that can't be done */
  set([key = "", ...rest]: (string | number)[], value: unknown): void {
    const current = this.get([key]);
    if (isMap(current) && "secure" in current) {
      throw new UserError(
        `${this.path}: ${key} is encrypted as a whole, so no part of it can be changed. Type: ${typed("config", `unset ${key}`)}, then set its parts.`,
      );
    }
    if (!this.document.get("config")) this.document.set("config", this.document.createNode({}));
    // Text and "nothing" have no place for a key.
    if (rest.length > 0 && !isCollection(this.document.getIn(topPath(String(key)), true))) {
      this.document.setIn(topPath(String(key)), this.document.createNode(isMap(current) ? current : {}));
    }
    const given = isMap(value) ? this.document.createNode(value) : value;
    this.document.setIn([...topPath(String(key)), ...rest], given);
    this.write();
  }

  /** Takes one setting out, and sections that are empty then, and writes the file. */
  unset([key = "", ...rest]: (string | number)[]): void {
    for (let depth = rest.length; depth >= 0; depth--) {
      const path = [...topPath(String(key)), ...rest.slice(0, depth)];
      const node: unknown = this.document.getIn(path, true);
      if (depth === rest.length || (isCollection(node) && node.items.length === 0)) this.document.deleteIn(path);
    }
    this.write();
  }

  private write(): void {
    try {
      writeFileSync(this.path, this.document.toString({ lineWidth: 0 }));
    } catch (error) {
      throw new UserError(`Settings: ${(error as Error).message}`);
    }
  }
}

function topPath(key: string): string[] {
  return ["config", `${projectName}:${key}`];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
