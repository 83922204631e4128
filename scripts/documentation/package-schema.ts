import { join } from "node:path";
import { docComments } from "./doc-comments.ts";
import { type PackageResource, packageResources } from "./package-resources.ts";
import { type ObjectSpec, PackageTypes, type PropertySpec } from "./package-types.ts";

const name = "registry-kit";

/** A resource in a package's schema. */
export interface ResourceSpec {
  isComponent: boolean;
  description: string;
  inputProperties: Record<string, PropertySpec>;
  requiredInputs: string[];
  properties: Record<string, PropertySpec>;
  required: string[];
}

export interface PackageSchema {
  name: string;
  types: Record<string, ObjectSpec>;
  resources: Record<string, ResourceSpec>;
  [key: string]: unknown;
}

/**
 * What `pulumi package add` makes libraries of: types, defaults and secrets from the schemas that check what a program gives, and texts
 * from the comments of the classes.
 */
export function packageSchema(root: string): PackageSchema {
  const types = new PackageTypes(name);
  const resources = Object.fromEntries(
    packageResources.map((resource) => [resource.type, specOf(resource, types, root)]),
  );
  return {
    name,
    displayName: "registry-kit",
    description: "A private Docker registry with TLS, users, storage and trust.",
    keywords: ["pulumi", "docker", "registry", "category/infrastructure", "kind/component"],
    license: "Apache-2.0",
    language: {
      csharp: { respectSchemaVersion: true },
      go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
      java: {},
      nodejs: { respectSchemaVersion: true },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
    },
    types: sorted(types.named),
    provider: { description: "The provider of the kit's own resources. It takes no configuration." },
    resources,
  };
}

function specOf(resource: PackageResource, types: PackageTypes, root: string): ResourceSpec {
  const { type, isComponent, secretOutputs, plain, described } = resource;
  const short = type.split(":").at(-1) as string;
  const comments = docComments(Object.values(described).map((file) => join(root, file)));
  const [own = short, ...others] = Object.keys(described);
  const textOf = (names: string[]) => (key: string) =>
    names.map((each) => comments[each]?.members[key]).find((text) => text);
  const given = types.object(resource.inputs, short, "input", textOf([...others, own]));
  const made = types.object(resource.outputs, `${short}Made`, "output", textOf([own, ...others]));
  return {
    isComponent,
    description: comments[short]?.text ?? "",
    inputProperties: marked(given.properties, plain, "plain"),
    requiredInputs: given.required,
    properties: marked(made.properties, secretOutputs, "secret"),
    required: made.required,
  };
}

function marked(properties: ObjectSpec["properties"], keys: readonly string[], mark: "plain" | "secret") {
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [
      key,
      keys.includes(key) ? { ...property, [mark]: true } : property,
    ]),
  );
}

function sorted<Value>(map: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
