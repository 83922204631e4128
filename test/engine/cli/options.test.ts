import { execa } from "execa";
import { afterEach, describe, expect, test, vi } from "vitest";
import { main } from "../../../engine/cli/main.ts";
import { findProgram } from "../../../scripts/machine/find-program.ts";

/** The options that Pulumi CLI 3.260.0 shows for each command, those of all commands apart; and which of them the engine has. */
const recorded: Record<string, { cli: string; engine: string }> = {
  up: {
    cli:
      "attach-debugger config config-file config-path continue-on-error debug diff exclude exclude-dependents expect-no-changes " +
      "ignore-protect json message neo override-env parallel policy-pack policy-pack-config refresh replace run-program " +
      "secrets-provider show-config show-full-output show-policy-remediations show-reads show-replacement-steps show-sames " +
      "show-secrets skip-config-validation skip-plugin-pre-install skip-preview stack strict suppress-outputs suppress-permalink " +
      "suppress-progress target target-dependents target-replace urns yes",
    engine: "diff expect-no-changes json parallel policy-pack policy-pack-config refresh skip-preview stack yes",
  },
  preview: {
    cli:
      "attach-debugger config config-file config-path debug diff exclude exclude-dependents expect-no-changes ignore-protect " +
      "import-file json message neo override-env parallel policy-pack policy-pack-config refresh replace run-program save-plan " +
      "show-config show-full-output show-policy-remediations show-reads show-replacement-steps show-sames show-secrets " +
      "skip-config-validation skip-plugin-pre-install stack suppress-outputs suppress-permalink suppress-progress target " +
      "target-dependents target-replace urns",
    engine: "diff expect-no-changes json parallel policy-pack policy-pack-config refresh stack",
  },
  refresh: {
    cli:
      "clear-pending-creates config config-file config-path debug diff exclude exclude-dependents expect-no-changes " +
      "import-pending-creates json message neo override-env parallel preview-only run-program show-replacement-steps show-sames " +
      "skip-config-validation skip-pending-creates skip-plugin-pre-install skip-preview stack suppress-outputs suppress-permalink " +
      "suppress-progress target target-dependents urns yes",
    engine: "diff expect-no-changes json parallel preview-only skip-preview stack yes",
  },
  destroy: {
    cli:
      "config config-file config-path continue-on-error debug diff exclude exclude-protected ignore-protect json message neo " +
      "override-env parallel preview-only refresh remove run-program show-config show-full-output show-replacement-steps show-sames " +
      "skip-config-validation skip-plugin-pre-install skip-preview stack suppress-outputs suppress-permalink suppress-progress " +
      "target target-dependents urns yes",
    engine: "diff json parallel preview-only skip-preview stack yes",
  },
  "stack output": { cli: "json shell show-secrets stack", engine: "json show-secrets stack" },
  "stack export": { cli: "file show-secrets stack version", engine: "file show-secrets stack" },
  "stack import": { cli: "file force stack", engine: "file stack" },
  "stack rm": { cli: "force preserve-config remove-backups stack yes", engine: "stack yes" },
  "config set": { cli: "config-file path plaintext raw secret stack type", engine: "path secret stack" },
};
const everywhere = {
  cli:
    "color cwd disable-integrity-checking emoji fully-qualify-stack-names logflow logtostderr memprofilerate non-interactive " +
    "otel-traces profiling tracing verbose",
  engine: "cwd non-interactive",
};
const commands = Object.entries(recorded).map(([command, { cli, engine }]) => ({
  command,
  cli: `${cli} ${everywhere.cli}`.split(" "),
  engine: `${engine} ${everywhere.engine}`.split(" "),
}));

/** What a command line of the engine prints. */
async function run(parameters: string[]): Promise<{ code: number; printed: string }> {
  let printed = "";
  const take = (chunk: unknown) => {
    printed += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(take);
  vi.spyOn(process.stderr, "write").mockImplementation(take);
  vi.spyOn(console, "error").mockImplementation(take);
  return { code: await main(parameters), printed };
}
afterEach(() => vi.restoreAllMocks());

const optionsIn = (help: string) => [...help.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name = ""]) => name);

describe.each(commands)("engine $command", ({ command, cli, engine }) => {
  const words = command.split(" ");

  test("has these options of the CLI", async () => {
    const own = optionsIn((await run([...words, "--help"])).printed);
    expect(cli.filter((name) => own.includes(name)).sort()).toEqual(engine.sort());
  });

  test.each(cli.filter((name) => !engine.includes(name)))("refuses --%s by name", async (name) => {
    for (const value of [[], ["value"]]) {
      const { code, printed } = await run([...words, "--stack", "dev", `--${name}`, ...value]);
      expect(code).toBe(1);
      expect(printed).toContain(`'--${name}'`);
      expect(printed).toContain("use the CLI");
    }
  });
});

test.each(["cancel", "state", "import", "watch"])("the command %s is refused by name", async (name) => {
  const { code, printed } = await run([name]);
  expect(code).toBe(1);
  expect(printed).toMatch(new RegExp(`'${name}'[^]*use the CLI`));
});

const reason = findProgram("pulumi") ? "" : " (skipped: no Pulumi CLI on PATH)";
describe.skipIf(reason !== "")(`the recorded options${reason}`, () => {
  test.each(commands)("are those of the CLI: $command", async ({ command, cli }) => {
    const help = await execa("pulumi", ["help", ...command.split(" ")], { env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
    const shown = optionsIn(help.stdout).filter((name) => name !== "help");
    expect([...new Set(shown)].sort()).toEqual(cli.toSorted());
  });
});
