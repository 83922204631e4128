import { describe, expect, it } from "vitest";
import { missedTests, skipTable } from "./skip-table.ts";

const docker = { reason: "no Docker daemon answers: ENOENT", file: "test/a.test.ts" };
const sshd = { reason: "no sshd", file: "test/b.test.ts" };

describe("the table of skipped tests", () => {
  it("has a line for each reason, with the number of tests, where they are, and what makes them run", () => {
    expect(skipTable([sshd, docker, docker]).split("\n")).toEqual([
      "",
      "Skipped: 3 tests",
      "      2  no Docker daemon answers: ENOENT (test/a.test.ts)",
      "         to run them: npm run prerequisites",
      "      1  no sshd (test/b.test.ts)",
      "         to run them: apt-get install openssh-server",
    ]);
  });

  it("counts files where there are many", () => {
    const files = ["a", "b", "c"].map((name) => ({ reason: "no sshd", file: `test/${name}.test.ts` }));
    expect(skipTable(files)).toContain("3  no sshd (3 files)");
  });
});

describe("TESTS_REQUIRE", () => {
  it.each<[string, string | undefined, string[], RegExp | undefined]>([
    ["says nothing when it is not set", undefined, ["no Docker daemon answers: ENOENT"], undefined],
    ["says nothing when only other things are missing", "docker", ["no sshd"], undefined],
    ["fails for want of a daemon", "docker", ["no Docker daemon answers: ENOENT"], /1 tests were skipped .* ENOENT/],
    ["fails for want of the image", "docker", ["the Docker daemon has no image registry:3"], /no image registry:3/],
    ["knows no other value", "everything", [], /the only value is "docker"/],
  ])("%s", (_, value, reasons, expected) => {
    const missed = missedTests(
      reasons.map((reason) => ({ reason, file: "test/a.test.ts" })),
      value,
    );
    if (expected) expect(missed).toMatch(expected);
    else expect(missed).toBeUndefined();
  });
});
