import { expect, it } from "vitest";
import { normalized } from "../../../lib/protocol/special-values.ts";

it("refuses half of a pair of characters, which the Pulumi CLI does not take either", () => {
  expect(normalized({ text: "whole 🌍" })).toEqual({ text: "whole 🌍" });
  expect(() => normalized({ list: ["half \ud83c"] })).toThrow("no valid Unicode");
});
