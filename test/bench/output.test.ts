import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTable } from "../../bench/harness/format-table.ts";
import { plot } from "../../bench/harness/plot.ts";
import { figure } from "./figures.ts";

const bound = { kind: "target", atMost: 1.3 } as const;

describe("the table", () => {
  it("shows medians, ratio, spread, bound and verdict", () => {
    expect(formatTable([figure([2000, 2600, 2100], [2000, 2000, 2000], bound)])).toBe(
      [
        "Figure  Kit      Reference                Ratio  Ratios of runs  Wanted",
        "start   2100 ms  2000 ms (one container)  1.05   1 to 1.3        <= 1.3  ok",
        "",
      ].join("\n"),
    );
  });

  it("tells a missed target from a missed aim", () => {
    expect(formatTable([figure([2], [1], bound)])).toContain("MISSED");
    expect(formatTable([figure([2], [1], { kind: "aim", atMost: 1.3 })])).toContain("missed (aim)");
  });

  it("shows the spread of the values where there is no ratio", () => {
    expect(formatTable([figure([480, 400, 500])])).toContain("480 ms (400 to 500)");
  });
});

describe("the plot", () => {
  it("is well-formed XML whatever the figures and their texts are", () => {
    const numbers = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 5 });
    fc.assert(
      fc.property(numbers, numbers, fc.string(), fc.boolean(), (kit, reference, title, bounded) => {
        const svg = plot([figure(kit, reference, bounded ? bound : undefined, title), figure(kit)], title);
        expect(unclosed(svg)).toEqual([]);
        expect(svg).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it("has a row for each ratio, and none for what has no reference", () => {
    const svg = plot([figure([1], [1], bound), figure([2], [1], bound), figure([3])], "today");
    expect(svg.match(/<circle /g)).toHaveLength(2);
    expect(svg).toContain("2.00, wanted &lt;= 1.3");
  });
});

/** Elements that are open at the end, after a check that all else is tags with quoted attributes, text and entities. */
function unclosed(xml: string): string[] {
  const open: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [a-zA-Z][\w-]*='[^'<&]*'| )*)(\/?)>|[^<>&]+|&(?:amp|lt|gt);/gy;
  let end = 0;
  for (let match = token.exec(xml); match; match = token.exec(xml)) {
    end = token.lastIndex;
    const [, closing, name, , empty] = match;
    if (!name || empty) continue;
    if (closing) expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(xml.slice(end)).toBe("");
  return open;
}
