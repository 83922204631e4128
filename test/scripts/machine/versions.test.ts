import fc from "fast-check";
import { expect, it } from "vitest";
import { compareVersions } from "../../../scripts/machine/versions.ts";

it.each([
  ["3.9.0", "3.10.0", -1],
  ["go1.26.8", "1.21", 1],
  ["v3.1.2", "3.1.2", 0],
  ["1.21", "1.21.0", 0],
  ["golang-1.9-go", "golang-1.21-go", -1],
  ["20.10.24+dfsg1", "20.10.24", 0],
])("compares %s with %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

it("orders any versions as their numbers are ordered", () => {
  const version = fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999));
  fc.assert(
    fc.property(version, version, (a, b) => {
      const expected = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
      expect(Math.sign(compareVersions(`v${a.join(".")}`, b.join(".")))).toBe(Math.sign(expected));
    }),
  );
});
