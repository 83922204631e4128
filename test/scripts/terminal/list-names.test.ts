import { expect, it } from "vitest";
import { listNames } from "../../../scripts/terminal/list-names.ts";

it("lists names as far as one line takes them", () => {
  const names = Array.from({ length: 1500 }, (_, i) => `u${i}`);
  expect(listNames([])).toBe("");
  expect(listNames(names.slice(0, 6))).toBe("u0, u1, u2, u3, u4, u5");
  expect(listNames(names)).toBe("u0, u1, u2, u3, u4 and 1495 more");
});
