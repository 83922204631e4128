import { expect, it } from "vitest";
import { engineName } from "../../../scripts/engines/engine-name.ts";

it.each([
  ["pulumi", "pulumi"],
  ["builtin", "builtin"],
  ["own", "builtin"],
] as const)("--engine %s means %s", (text, name) => {
  expect(engineName(text)).toBe(name);
});

it.each(["", "Pulumi", "built-in"])("--engine %j is refused with the allowed names", (text) => {
  expect(() => engineName(text)).toThrow('Allowed are "pulumi" and "builtin".');
});
