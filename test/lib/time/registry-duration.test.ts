import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationSeconds, isDuration } from "../../../lib/time/registry-duration.ts";

describe("a duration", () => {
  it.each([
    ["30s", 30],
    ["1h30m", 5400],
    ["1.5h", 5400],
    ["500ms", 0.5],
    ["1m1ms", 60.001],
    ["0s", 0],
    ["2s1h", 3602],
  ])("%s lasts %d seconds", (text, seconds) => {
    expect(isDuration(text)).toBe(true);
    expect(durationSeconds(text)).toBeCloseTo(seconds, 6);
  });

  it.each(["", "30", "s", "-1s", "+1s", "1 s", "1d", "1h 30m", "1.s", ".5s", "1S", "1µs", "1e3s", "1s\n"])(
    "is not %j",
    (text) => {
      expect(isDuration(text)).toBe(false);
    },
  );

  it("adds up its parts", () => {
    const number = fc.nat({ max: 10_000 });
    fc.assert(
      fc.property(number, number, number, (hours, minutes, seconds) => {
        expect(durationSeconds(`${hours}h${minutes}m${seconds}s`)).toBe(hours * 3600 + minutes * 60 + seconds);
      }),
    );
  });
});
