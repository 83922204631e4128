import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { pages } from "./markdown.ts";

const links = pages().flatMap(({ path, text }) =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ path, target })),
);

describe("links", () => {
  it.each(links.filter(({ target }) => !/^[a-z]+:/.test(target)))(
    "$path: $target leads somewhere",
    ({ path, target }) => {
      const [file = "", anchor] = target.split("#");
      const found = file === "" ? path : normalize(join(dirname(path), file));
      expect(existsSync(join(projectRoot, found)), found).toBe(true);
      if (anchor !== undefined) expect(anchors(found)).toContain(anchor);
    },
  );

  it("the README leads to every page of docs/", () => {
    const targets = links.filter(({ path }) => path === "README.md").map(({ target }) => normalize(target));
    const docs = pages().flatMap(({ path }) => (path.startsWith("docs/") ? [path] : []));
    expect(docs.length).toBeGreaterThan(0);
    expect(docs.filter((path) => !targets.includes(path))).toEqual([]);
  });
});

/** The anchors that a page's headings get. */
function anchors(path: string): string[] {
  const headings = readFileSync(join(projectRoot, path), "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/\s/g, "-"),
  );
}
