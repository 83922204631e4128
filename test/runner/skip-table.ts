import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";

/** What makes tests run that were skipped, by the words of the reason. */
const remedies: [RegExp, string][] = [
  [/npm run test:long/, "npm run test:long"],
  [/no Docker daemon answers|no image/, "npm run prerequisites"],
  [/pulumi|CLI and plugin/, "put pulumi, its Node host and pulumi-resource-docker on PATH"],
  [/sshd/, "apt-get install openssh-server"],
  [/\bip\b|network namespace/, "run as root, with iproute2 (apt-get install iproute2)"],
  [/sudo/, "apt-get install sudo"],
  [/jq/, "apt-get install jq"],
  [/venv|python/i, "apt-get install python3-venv"],
  [/needs root|only root|not root|root's/, "run as root on Linux"],
  [/\bGo\b/, "apt-get install golang-go"],
];

interface Skipped {
  reason: string;
  file: string;
}

/**
 * Ends a run with a table of what was skipped: how many tests, why, and what makes them run here. The reason is the text
 * `(skipped: ...)` or `(needs ...)` in the name of the test or of a suite around it.
 *
 * The environment variable TESTS_REQUIRE=docker makes a run fail that skipped tests for want of Docker, so that CI cannot pass without it.
 */
export class SkipTable implements Reporter {
  #names: RegExp | undefined;

  onInit(vitest: Vitest): void {
    this.#names = vitest.config.testNamePattern;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")].map(toSkipped));
    // With -t, most are left out because nobody asked for them.
    if (skipped.length > 0 && !this.#names) console.log(skipTable(skipped));
    const missed = missedTests(skipped, process.env.TESTS_REQUIRE);
    if (!missed) return;
    console.error(missed);
    process.exitCode = 1;
  }
}

/** One line for each reason, the most frequent first. */
export function skipTable(skipped: Skipped[]): string {
  const groups = Map.groupBy(skipped, ({ reason }) => reason);
  const rows = [...groups].sort(([, one], [, other]) => other.length - one.length);
  const lines = rows.map(([reason, tests]) => {
    const remedy = remedies.find(([pattern]) => pattern.test(reason))?.[1];
    const files = [...new Set(tests.map(({ file }) => file))];
    const where = files.length > 2 ? `${files.length} files` : files.join(", ");
    return `  ${String(tests.length).padStart(5)}  ${reason} (${where})${remedy ? `\n         to run them: ${remedy}` : ""}`;
  });
  return [`\nSkipped: ${skipped.length} tests`, ...lines].join("\n");
}

/** What a run must not leave out, in words; undefined: nothing of it was. */
export function missedTests(skipped: Skipped[], required: string | undefined): string | undefined {
  if (required === undefined || required === "") return undefined;
  if (required !== "docker") return `TESTS_REQUIRE is "${required}"; the only value is "docker".`;
  const missed = skipped.filter(({ reason }) => /no Docker daemon answers|the Docker daemon has no image/.test(reason));
  if (missed.length === 0) return undefined;
  return `TESTS_REQUIRE=docker: ${missed.length} tests were skipped because there is no Docker: ${missed[0]?.reason}`;
}

function toSkipped(test: TestCase): Skipped {
  const { note } = test.result() as { note?: string };
  const reason =
    /.*\((?:skipped: |(?=needs ))(?<reason>.*)\)/.exec(test.fullName)?.groups?.reason ?? note ?? "no reason given";
  return { reason, file: test.module.relativeModuleId };
}
