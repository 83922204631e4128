import { z } from "zod";

/** A type in the form of a Pulumi package's schema. */
export interface TypeSpec {
  type?: string;
  $ref?: string;
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  oneOf?: TypeSpec[];
}

export interface PropertySpec extends TypeSpec {
  description?: string;
  default?: string | number | boolean;
  secret?: true;
  plain?: true;
}

export interface ObjectSpec {
  type: "object";
  description?: string;
  properties: Record<string, PropertySpec>;
  required: string[];
}

/** What zod says in JSON Schema, as far as it is read here. */
interface JsonType {
  type?: string;
  description?: string;
  default?: unknown;
  secret?: boolean;
  const?: unknown;
  enum?: unknown[];
  items?: JsonType;
  properties?: Record<string, JsonType>;
  additionalProperties?: JsonType | boolean;
  required?: string[];
  anyOf?: JsonType[];
  oneOf?: JsonType[];
  allOf?: JsonType[];
}

/** What the comment of a property says; undefined: it has none. */
export type Described = (key: string) => string | undefined;

/** Turns schemas of zod into types of a package, and collects the named ones. */
export class PackageTypes {
  /** Token -> object type. */
  readonly named: Record<string, ObjectSpec> = {};
  readonly #package: string;

  constructor(packageName: string) {
    this.#package = packageName;
  }

  /**
   * The properties of an object, without those that nobody describes: they are for the kit alone.
   * @param name what the names of types inside begin with
   */
  object(schema: z.ZodType, name: string, io: "input" | "output", described: Described): Omit<ObjectSpec, "type"> {
    const json = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as JsonType;
    const properties = Object.entries(json.properties ?? {}).flatMap(([key, value]) => {
      const description = described(key) ?? value.description;
      return description === undefined ? [] : [[key, { ...value, description }] as const];
    });
    const required = json.required?.filter((key) => properties.some(([name]) => name === key));
    return this.#members({ properties: Object.fromEntries(properties), ...(required ? { required } : {}) }, name);
  }

  #members(json: JsonType, name: string): Omit<ObjectSpec, "type"> {
    const properties = Object.entries(json.properties ?? {}).map(
      ([key, value]) => [key, this.#property(value, `${name}${capitalized(key)}`)] as const,
    );
    return { properties: Object.fromEntries(properties), required: (json.required ?? []).toSorted() };
  }

  #property(json: JsonType, name: string): PropertySpec {
    const { description, default: value, secret } = json;
    const isSimple = ["string", "number", "boolean"].includes(typeof value);
    return {
      ...this.#type(json, name),
      ...(description ? { description } : {}),
      ...(isSimple ? { default: value as string } : {}),
      ...(secret ? { secret: true } : {}),
    };
  }

  #type(json: JsonType, name: string): TypeSpec {
    const branches = json.anyOf ?? json.oneOf;
    if (branches) return this.#union(branches, name, json.description);
    if (json.allOf?.[0]) return this.#type(json.allOf[0], name);
    if (json.const !== undefined) return { type: typeof json.const };
    if (json.enum) return { type: typeof json.enum[0] === "number" ? "integer" : "string" };
    if (json.type === "array") return { type: "array", items: this.#type(json.items ?? {}, `${name}Item`) };
    if (json.type === "object" && json.properties) return this.#named(json, name);
    if (json.type === "object") {
      const { additionalProperties } = json;
      const values = typeof additionalProperties === "object" ? additionalProperties : {};
      return { type: "object", additionalProperties: this.#type(values, `${name}Value`) };
    }
    return json.type ? { type: json.type } : { $ref: "pulumi.json#/Any" };
  }

  /** Objects among the branches become one, as few languages have unions of them. */
  #union(branches: JsonType[], name: string, description: string | undefined): TypeSpec {
    const flat = branches.flatMap((branch) => branch.anyOf ?? branch.oneOf ?? [branch]);
    const objects = flat.filter(({ properties }) => properties);
    const others = flat.filter(({ properties, type }) => !properties && type !== "null");
    const types = [
      ...others.map((other) => this.#type(other, name)),
      ...(objects.length > 0
        ? [this.#named({ ...merged(objects), ...(description ? { description } : {}) }, name)]
        : []),
    ];
    const [first = {}, ...rest] = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
    return rest.length > 0 ? { oneOf: [first, ...rest] } : first;
  }

  #named(json: JsonType, name: string): TypeSpec {
    // No resource ends so: in some languages both get one name.
    const token = `${this.#package}:index:${name}Options`;
    const { description } = json;
    this.named[token] = { type: "object", ...(description ? { description } : {}), ...this.#members(json, name) };
    return { $ref: `#/types/${token}` };
  }
}

/** One object with the properties of all; required is what all require. */
function merged(objects: JsonType[]): JsonType {
  const [first = {}, ...rest] = objects;
  const properties: Record<string, JsonType> = {};
  for (const { properties: own = {} } of objects) {
    for (const [key, value] of Object.entries(own)) {
      const there = properties[key];
      properties[key] =
        there?.const !== undefined && value.const !== undefined ? { ...there, const: "" } : (there ?? value);
    }
  }
  const required = (first.required ?? []).filter((key) => rest.every((other) => other.required?.includes(key)));
  return { type: "object", properties, required };
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
