import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, spread } from "../../bench/harness/statistics.ts";

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe("median", () => {
  it("is the middle value of an odd number, and the mean of the middle two of an even one", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 2, 4, 1])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it("is no number without values", () => {
    expect(median([])).toBeNaN();
  });

  it("has as many values above it as below, whatever their order", () => {
    fc.assert(
      fc.property(values, (given) => {
        const middle = median(given);
        expect(median(given.toReversed())).toBe(middle);
        const below = given.filter((value) => value < middle).length;
        const above = given.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(given.length / 2);
      }),
    );
  });

  it("does not change what it is given", () => {
    const given = [3, 1, 2];
    median(given);
    expect(given).toEqual([3, 1, 2]);
  });
});

describe("spread", () => {
  it("holds every value", () => {
    fc.assert(
      fc.property(values, (given) => {
        const { least, greatest } = spread(given);
        expect(given.every((value) => least <= value && value <= greatest)).toBe(true);
        expect([given.includes(least), given.includes(greatest)]).toEqual([true, true]);
      }),
    );
  });
});
