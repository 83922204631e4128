import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { writeFileAtomically } from "../../lib/files/write-file-atomically.ts";
import { yamlProblem } from "../../lib/files/yaml-problem.ts";
import { parseJson } from "../../lib/protocol/parse-json.ts";
import type { Passphrase } from "../state/passphrase.ts";
import { checkPlace, isCollection, parseConfigPath, typedValue } from "./config-path.ts";
import { problemsOf } from "./declared-config.ts";
import type { Project } from "./project.ts";

/** The configuration of a stack, decrypted, as programs and providers get it. */
export interface StackConfig {
  /** Full key (`<namespace>:<name>`) to value; what is no string is JSON. */
  values: Record<string, string>;
  /** The keys whose values are secret. */
  secretKeys: string[];
}

/** "<<" takes over the keys of another map. */
const asTheCliReads = { merge: true };

/** The settings file of a stack, `Pulumi.<stack>.yaml`. Comments and layout of the file are kept. */
export class StackConfigFile {
  readonly path: string;
  readonly #document: Document;
  readonly #project: Project;

  private constructor(path: string, document: Document, project: Project) {
    this.path = path;
    this.#document = document;
    this.#project = project;
  }

  /** A missing file is an empty one. */
  static async read(project: Project, stack: string): Promise<StackConfigFile> {
    const path = join(project.configFolder, `Pulumi.${stack}.yaml`);
    const text = existsSync(path) ? await readFile(path, "utf8") : "";
    const document = parseDocument(text, asTheCliReads);
    const problem = document.errors.length > 0 || text.includes("*") ? yamlProblem(text, asTheCliReads) : undefined;
    if (problem) throw new Error(`${path} is not valid YAML: ${problem}.`);
    if (document.contents !== null && !isMap(document.contents))
      throw new Error(`${path} must hold a map with "config" in it.`);
    const file = new StackConfigFile(path, document, project);
    const provider = file.#get("secretsprovider");
    if (provider !== undefined && provider !== "passphrase")
      throw new Error(`${path}: secretsprovider "${provider}" needs the Pulumi CLI; this engine knows "passphrase".`);
    file.#refuseUnknown();
    return file;
  }

  get salt(): string | undefined {
    return this.#get("encryptionsalt");
  }

  set salt(salt: string) {
    this.#document.setIn(["encryptionsalt"], salt);
  }

  get hasSecrets(): boolean {
    return containsSecure(this.#config());
  }

  /**
   * All values with the project's defaults under them; `passphrase` is asked for only where there are secrets.
   * @param validate whether to compare them with what the project declares.
   * @throws where a declared value is missing, or is of another type.
   */
  async decrypt(passphrase: () => Promise<Passphrase>, validate = false): Promise<StackConfig> {
    const { settings } = this.#project;
    const defaults = settings.filter(({ value }) => value !== undefined).map(({ key, value }) => [key, value]);
    const config: Record<string, unknown> = { ...Object.fromEntries(defaults), ...this.#config() };
    const plainValues: Record<string, unknown> = {};
    const key = containsSecure(config) ? await passphrase() : undefined;
    const result: StackConfig = { values: {}, secretKeys: [] };
    for (const [name, value] of Object.entries(config)) {
      const plain = key ? decryptValue(value, key, `${this.path}: ${name}`) : value;
      plainValues[name] = plain;
      result.values[name] = typeof plain === "string" ? plain : JSON.stringify(plain);
      if (containsSecure(value)) result.secretKeys.push(name);
    }
    const problems = validate ? problemsOf(settings, plainValues, (name) => containsSecure(config[name])) : [];
    if (problems.length > 0) throw new Error(`${this.path}: ${problems.join("; ")}. Pulumi.yaml declares it.`);
    return result;
  }

  /** Refuses by name what only the Pulumi CLI can do. */
  #refuseUnknown(): void {
    const content = (this.#document.toJS() ?? {}) as { environment?: unknown; config?: unknown };
    const { environment, config } = content;
    if (isCollection(environment) && Object.keys(environment).length > 0)
      throw new Error(`${this.path}: "environment" (Pulumi ESC) needs the Pulumi CLI. Remove it, or use the CLI.`);
    if (config !== undefined && config !== null && (!isCollection(config) || Array.isArray(config)))
      throw new Error(`${this.path}: "config" must be a map.`);
    const keys = Object.keys(this.#config());
    const wrong = keys.find((key) => !/^[^:]+:(config:)?[^:]+$/.test(key));
    if (wrong) throw new Error(`${this.path}: "${wrong}" is no key; write <namespace>:<name>.`);
    if (keys.includes("pulumi:autonaming"))
      throw new Error(`${this.path}: "pulumi:autonaming" needs the Pulumi CLI. Remove it, or use the CLI.`);
  }

  /** Sets one value. @param key with or without a namespace. @param passphrase given: the value is encrypted. */
  set(key: string, value: string, passphrase?: Passphrase): void {
    this.#document.setIn(["config", this.fullKey(key)], passphrase ? this.#secure(value, passphrase) : value);
  }

  /**
   * Sets one value inside of another, as the CLI's `--path` does; text that reads as a whole number or a truth value becomes one. Maps and
   * lists on the way are made. Unlike the CLI it keeps what a value holds as JSON text, and replaces none that is encrypted as a whole.
   * @throws where the path leads through a value that has no parts
   */
  setAt(path: string, value: string, passphrase?: Passphrase): void {
    const { key, steps } = parseConfigPath(path);
    if (steps.length === 0) {
      this.set(key, value, passphrase);
      return;
    }
    const top = ["config", this.fullKey(key)];
    const current = this.#config()[this.fullKey(key)];
    if (isSecure(current)) throw new Error(`${key} is encrypted as a whole: set all of it.`);
    const parts = typeof current === "string" ? parseJson(current) : current;
    checkPlace(isCollection(parts) ? parts : current, { key, steps });
    if (!isCollection(current)) {
      if (this.#document.hasIn(top)) this.#document.deleteIn(top);
      if (isCollection(parts)) this.#document.setIn(top, this.#document.createNode(parts));
    }
    this.#document.setIn([...top, ...steps], passphrase ? this.#secure(value, passphrase) : typedValue(value));
  }

  #secure(value: string, passphrase: Passphrase) {
    return this.#document.createNode({ secure: passphrase.encrypt(value) });
  }

  /** A key without namespace is the project's. */
  fullKey(key: string): string {
    return key.includes(":") ? key : `${this.#project.name}:${key}`;
  }

  async write(): Promise<void> {
    const mode = existsSync(this.path) ? statSync(this.path).mode & 0o777 : 0o644; // secrets in it are encrypted
    await writeFileAtomically(this.path, this.#document.toString(), mode);
  }

  #get(key: string): string | undefined {
    const value: unknown = this.#document.get(key);
    return typeof value === "string" ? value : undefined;
  }

  #config(): Record<string, unknown> {
    const content = (this.#document.toJS() ?? {}) as { config?: Record<string, unknown> | null };
    const entries = Object.entries(content.config ?? {});
    return Object.fromEntries(entries.map(([key, value]) => [this.fullKey(key), value]));
  }
}

/** `{secure: <ciphertext>}`, as the CLI writes it. */
function isSecure(value: unknown): value is { secure: string } {
  return isCollection(value) && typeof (value as { secure?: unknown }).secure === "string";
}

function containsSecure(value: unknown): boolean {
  return isSecure(value) || (isCollection(value) && Object.values(value).some(containsSecure));
}

function decryptValue(value: unknown, key: Passphrase, origin: string): unknown {
  if (isSecure(value)) {
    try {
      return key.decrypt(value.secure);
    } catch (error) {
      throw new Error(`${origin}: ${(error as Error).message}`);
    }
  }
  if (Array.isArray(value)) return value.map((item) => decryptValue(item, key, origin));
  if (isCollection(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decryptValue(inner, key, origin)]));
  return value;
}
