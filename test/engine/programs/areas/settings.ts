import type { Kinds } from "../harness/kinds.ts";
import type { Program } from "../harness/program.ts";
import { preview, up } from "../harness/program.ts";

const one = (_v: string, { R }: Kinds) => void new R("x", { size: 1 });

/** A program that runs, or not, by the settings of its project and its stack. */
function settings(name: string, project: string, stackFile: string, refused?: RegExp): Program {
  const more = refused ? { refused } : {};
  return { name, project, stackFile, body: one, runs: [preview("1", more), up("1", more)] };
}

/** Settings of the project and of the stack. */
export const settingsOfProjects: Program[] = [
  settings("declared settings with values of their types", declared("integer"), "config:\n  shop:size: 5"),
  settings("a declared setting without a value", declared("integer"), ""),
  settings("a declared number that is a text", declared("integer"), "config:\n  shop:size: five"),
  settings("a declared whole number that is a fraction", declared("integer"), "config:\n  shop:size: 1.5"),
  settings("a declared number as a text", declared("integer"), 'config:\n  shop:size: "5"'),
  settings("a declared boolean that is a text", declared("boolean"), "config:\n  shop:size: maybe"),
  settings("a declared boolean as a text", declared("boolean"), 'config:\n  shop:size: "true"'),
  settings("a declared text that is a number", declared("string"), "config:\n  shop:size: 5"),
  settings("a declared list that is a text", declared("array", "items: {type: string}"), "config:\n  shop:size: a"),
  settings("a declared list", declared("array", "items: {type: string}"), "config:\n  shop:size: [a, b]"),
  settings(
    "a declared list with a wrong item",
    declared("array", "items: {type: integer}"),
    "config:\n  shop:size: [1, b]",
  ),
  settings("a declared map", declared("object"), "config:\n  shop:size: {a: 1}"),
  settings("a declared map that is a text", declared("object"), "config:\n  shop:size: a"),
  settings("a declared secret that is in the open", declared("string", "secret: true"), "config:\n  shop:size: a"),
  settings("a default of the declared type", declared("integer", "default: 5"), ""),
  settings("a default of another type", declared("integer", "default: five"), ""),
  settings("a declared default and a value at once", declared("integer", "default: 5\n    value: 6"), ""),
  settings("a type that there is none of", declared("float"), "config:\n  shop:size: 5"),
  settings("a list without a type for its items", declared("array"), "config:\n  shop:size: [a]"),
  settings("a value for a key of the project in Pulumi.yaml", "config:\n  shop:size:\n    value: 5", ""),
  settings("a value for a key of another namespace in Pulumi.yaml", "config:\n  test:region:\n    value: a", ""),
  settings("a type for a key of another namespace in Pulumi.yaml", "config:\n  test:region:\n    type: string", ""),
  settings("a default for a key of another namespace in Pulumi.yaml", "config:\n  test:region:\n    default: a", ""),
  settings("a plain value in Pulumi.yaml", "config:\n  shop:size: 5", ""),
  settings("a plain list in Pulumi.yaml", "config:\n  size: [a, b]", ""),
  settings("a description only", "config:\n  size:\n    description: how big", ""),
  settings("a version of the CLI that is new enough", 'requiredPulumiVersion: ">=3.0.0"', ""),
  settings("a version of the CLI that is too old", 'requiredPulumiVersion: ">=99"', ""),
  settings("a version of the CLI that is no range", "requiredPulumiVersion: newest", ""),
  settings("an environment of Pulumi ESC", "", "environment:\n  - prod", /environment/),
  settings(
    "an environment of Pulumi ESC in the stack's file",
    "",
    "environment:\n  values:\n    pulumiConfig:\n      a: b",
    /environment/,
  ),
  settings("an empty list of environments", "", "environment: []"),
  settings("no default providers at all", "", 'config:\n  pulumi:disable-default-providers: ["*"]'),
  settings("no default provider of this package", "", 'config:\n  pulumi:disable-default-providers: ["test"]'),
  settings("no default provider of another package", "", 'config:\n  pulumi:disable-default-providers: ["aws"]'),
  settings("a refresh before every up", "options:\n  refresh: always", ""),
  settings("names that the engine makes up", "", "config:\n  pulumi:autonaming:\n    mode: verbatim", /autonaming/),
  settings("tags of the stack", "", "config:\n  pulumi:tags:\n    a: b"),
  settings("a setting that the CLI does not know in the project", "nonsense: true", ""),
  settings("a setting that the CLI does not know in the stack", "", "nonsense: true"),
  settings(
    "a description, a website, an author and a license",
    "description: d\nwebsite: w\nauthor: a\nlicense: l",
    "",
  ),
  settings("a key without a namespace in the stack", "", "config:\n  size: 5"),
  settings("a key with a colon too many in the stack", "", "config:\n  a:b:c: 5"),
  settings("the wrong type for config", "", "config: text"),
  settings("packages in the project", "packages:\n  test: 1.2.3", ""),
  settings("a template in the project", "template:\n  description: d", ""),
  settings("a name that is empty", 'name: ""', ""),
];

function declared(type: string, more = ""): string {
  return `config:\n  size:\n    type: ${type}\n    ${more}`;
}
