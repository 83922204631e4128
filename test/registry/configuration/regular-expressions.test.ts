import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { regularExpression } from "../../../components/registry/configuration/regular-expression.ts";
import { goProgram, hasGo } from "../../support/go-program.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const isGoHere = await hasGo();

const refused = [
  "^https://(?!evil)",
  "(?=a)",
  "(?<=a)b",
  "(?<!a)b",
  "(a)\\1",
  "a\\Z",
  "a*+",
  "a++",
  "a?+",
  "(?>a)",
  "(?#c)",
  "(?x)a",
  "\\h",
  "\\R",
  "\\K",
  "\\G",
  "\\X",
  "\\cA",
  "\\e",
  "\\8",
  "\\k<n>",
  "(?P=n)",
  "(?R)",
  "(?(1)a)",
  "\\p{Foo}",
  "\\p{Alphabetic}",
  "\\p{White_Space}",
  "\\p{Emoji}",
  "\\p{Script=Greek}",
  "[[:foo:]]",
  "x{1001}",
  "(x{1000}){1000}",
  "[a",
  "(a",
  "a)",
  "*a",
  "a**",
  "[z-a]",
  "\\",
  "a{2,1}",
  "\\u0041",
  "\\x{110000}",
];
const taken = [
  "^https://example\\.com/",
  "a\\z",
  "[[:alpha:]]",
  "\\p{Greek}",
  "\\P{Lu}",
  "\\p{^Nd}",
  "\\p{Any}",
  "(?P<n>a)(?P<n>b)",
  "(?<n>a)(?<n>b)",
  "(?<n>a)",
  "(?P<n>a)",
  "\\Qa.b\\E",
  "(?i)a",
  "(?s-m:a)",
  "a{,5}",
  "\\x{10FFFF}",
  "\\pN",
];

describe("A regular expression", () => {
  it.each(refused)("that the registry does not read is refused: %s", (pattern) => {
    expect(regularExpression.safeParse(pattern).success).toBe(false);
  });

  it.each(taken)("that it reads is taken: %s", (pattern) => {
    expect(regularExpression.safeParse(pattern).success).toBe(true);
  });

  it.skipIf(!isGoHere)("is judged as by Go's regexp, which the registry uses (needs Go)", async () => {
    const program = await goProgram("regexp-judge", source);
    const { stdout } = await execa(program, { input: JSON.stringify([...refused, ...taken]) });
    expect(JSON.parse(stdout)).toEqual([...refused.map(() => false), ...taken.map(() => true)]);
  });

  it("is named by the setting, with what is wrong", () => {
    const allow = ["^https://example.com/", "^https://(?!evil)"];
    const problems = settingsProblems(() =>
      testSettings({ hosts: ["a.test"], registry: { validation: { urls: { allow, deny: ["("] } } } }),
    );
    expect(problems).toEqual([
      expect.stringContaining(
        'registry.validation.urls.allow[1] is "^https://(?!evil)", which the registry does not read (invalid or unsupported Perl syntax: "(?!")',
      ),
      expect.stringContaining("registry.validation.urls.deny[0]"),
    ]);
  });
});

const source = `package main

import (
	"encoding/json"
	"os"
	"regexp"
)

func main() {
	var patterns []string
	if err := json.NewDecoder(os.Stdin).Decode(&patterns); err != nil {
		panic(err)
	}
	answers := make([]bool, len(patterns))
	for i, pattern := range patterns {
		_, err := regexp.Compile(pattern)
		answers[i] = err == nil
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
`;
