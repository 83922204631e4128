import { z } from "zod";

type Items = { type: string; items?: Items | undefined };
const types = z.enum(["string", "integer", "boolean", "array", "object"]);
const items: z.ZodType<Items> = z.looseObject({ type: z.string(), items: z.lazy(() => items).optional() });
const declaration = z.strictObject({
  type: types.optional(),
  items: items.optional(),
  description: z.string().optional(),
  secret: z.boolean().optional(),
  default: z.unknown().optional(),
  value: z.unknown().optional(),
});

/** A setting that the project declares, by its full key. */
export interface DeclaredSetting {
  key: string;
  type: Items | undefined;
  secret: boolean;
  /** Of a stack that does not have it in its own file. */
  value: unknown;
  /** A stack must have it. */
  required: boolean;
}

/**
 * The settings that `config` of Pulumi.yaml declares: `key: value`, or `key: {type, items, description, secret, default, value}`.
 * A key without namespace is the project's. Source: `workspace/project.go` of Pulumi.
 * @throws where a declaration contradicts itself.
 */
export function declaredSettings(config: Record<string, unknown>, project: string, file: string): DeclaredSetting[] {
  return Object.entries(config).map(([name, raw]) => {
    const refuse = (problem: string): never => {
      throw new Error(`${file}: config.${name} ${problem}.`);
    };
    const key = name.includes(":") ? name : `${project}:${name}`;
    const own = key.startsWith(`${project}:`);
    if (typeof raw !== "object" || raw === null || Array.isArray(raw))
      return { key, type: undefined, secret: false, value: raw, required: false };
    const parsed = declaration.safeParse(raw);
    if (!parsed.success) return refuse(parsed.error.issues.map(({ message }) => message).join("; "));
    const { type, items: itemType, secret = false, default: preset, value } = parsed.data;
    if (preset !== undefined && value !== undefined) refuse("has both a default and a value");
    if (!own && type) refuse("has a type: only settings of the project itself can have one");
    if (!own && preset !== undefined)
      refuse("has a default: only settings of the project itself can have one. Write value");
    if (!own && value === undefined) refuse("needs a value");
    if (type === "array" && !itemType) refuse("is an array: say of what with items");
    const full = type && { type, items: itemType };
    if (full && preset !== undefined && !isOfType(preset, full)) refuse(`has a default that is no ${nameOfType(full)}`);
    return { key, type: full, secret, value: value ?? preset, required: value === undefined && preset === undefined };
  });
}

/** What is wrong with the values of a stack, as its file has them, decrypted. @param isSecret whether a value is encrypted. */
export function problemsOf(
  declared: DeclaredSetting[],
  values: Record<string, unknown>,
  isSecret: (key: string) => boolean,
): string[] {
  return declared.flatMap(({ key, type, secret, required }) => {
    const value = values[key];
    if (value === undefined) return required ? [`${key} has no value: set it with "config set ${key}"`] : [];
    if (!type) return [];
    if (secret && !isSecret(key)) return [`${key} must be encrypted: set it with "config set --secret ${key}"`];
    return isOfType(scalarAsText(value), type) ? [] : [`${key} must be of the type ${nameOfType(type)}`];
  });
}

/** The CLI keeps single values of a settings file as text. */
function scalarAsText(value: unknown): unknown {
  return typeof value === "object" && value !== null ? value : String(value);
}

function isOfType(value: unknown, { type, items: inner }: Items): boolean {
  if (type === "string") return typeof value === "string";
  if (type === "integer") return typeof value === "string" ? /^[+-]?\d+$/.test(value) : Number.isInteger(value);
  if (type === "boolean") return typeof value === "boolean" || value === "true" || value === "false";
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return Array.isArray(value) && inner !== undefined && value.every((item) => isOfType(item, inner));
}

function nameOfType({ type, items: inner }: Items): string {
  return inner ? `array<${nameOfType(inner)}>` : type;
}
