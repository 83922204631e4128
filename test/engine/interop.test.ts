import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readOutputs } from "../../engine/stack/read-outputs.ts";
import { startCommand } from "./support/command-line.ts";
import { TestProject } from "./support/test-project.ts";

const hasCli = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "pulumi")));
const reason = hasCli ? "" : " (skipped: pulumi is not on PATH)";

/** Everything that the state records of options. */
const program = (version: number) => `
  const config = new pulumi.Config();
  const provider = new TestProvider("own", { region: "here", token: config.requireSecret("token") });
  const group = new Group("group", {}, { aliases: [{ name: "former" }] });
  const base = new Thing("base", { value: pulumi.secret({ deep: ["s", ${version}] }) }, { parent: group, additionalSecretOutputs: ["object"] });
  const inner = new Thing("inner", { from: base.object, kind: "x" }, { parent: group, customTimeouts: { create: "5m", delete: "90s" } });
  new Thing("options", { value: ${version}, ignored: ${version} }, { provider, dependsOn: [inner, group], ignoreChanges: ["ignored"], replaceOnChanges: ["never"] });
  new Thing("kept", {}, { retainOnDelete: true, deletedWith: base });
  new Thing("replaced", { kind: "k${version}" });
  new Thing("first", { kind: "k${version}", name: "fixed", deleteFirst: true });
  module.exports = { open: base.name, hidden: config.requireSecret("token"), version: ${version} };
`;

function pulumi(project: TestProject, ...parameters: string[]): string {
  return execFileSync("pulumi", [...parameters, "--stack", project.stack, "--non-interactive"], {
    cwd: project.folder,
    env: project.environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe.skipIf(!hasCli)(`beside the Pulumi CLI${reason}`, { timeout: 180_000 }, () => {
  it("hands a stack of its own to the CLI without a change, and takes it back", async () => {
    using project = new TestProject(program(1));
    await startCommand(project, ["config", "set", "token", "t0ken", "--secret"]).ended;
    expect(await project.run("up")).toMatchObject({ exitCode: 0, errors: [] });
    const made = project.objects();
    pulumi(project, "preview", "--expect-no-changes");
    pulumi(project, "refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(project.objects(), "the objects are the same").toEqual(made);
    expect(JSON.parse(pulumi(project, "stack", "output", "--json", "--show-secrets"))).toMatchObject({
      hidden: "t0ken",
    });
    project.program(program(2));
    pulumi(project, "up", "--yes", "--skip-preview");
    expect(await project.run("preview", { expectNoChanges: true })).toMatchObject({ exitCode: 0, errors: [] });
    expect(await project.run("refresh", { expectNoChanges: true })).toMatchObject({ exitCode: 0, errors: [] });
    expect(await project.run("destroy")).toMatchObject({ exitCode: 0, errors: [] });
    expect(project.objects().map((name) => name.split("-")[0])).toEqual(["kept"]);
  });

  it("takes over a stack of the CLI without a change, and hands it back", async () => {
    using project = new TestProject(program(1));
    pulumi(project, "stack", "init");
    pulumi(project, "config", "set", "token", "t0ken", "--secret");
    pulumi(project, "up", "--yes", "--skip-preview");
    expect(await project.run("preview", { expectNoChanges: true })).toMatchObject({ exitCode: 0, errors: [] });
    const ciphertexts = JSON.stringify(project.resources()).match(/"ciphertext":"[^"]*"/g);
    expect(await project.run("up", { expectNoChanges: true })).toMatchObject({ exitCode: 0, errors: [] });
    expect(JSON.stringify(project.resources()).match(/"ciphertext":"[^"]*"/g)).toEqual(ciphertexts);
    const outputs = await readOutputs({
      projectDirectory: project.folder,
      stack: project.stack,
      environment: project.environment,
      showSecrets: true,
    });
    expect(outputs).toMatchObject({ hidden: "t0ken", version: 1 });
    project.program(program(2));
    expect(await project.run("up")).toMatchObject({ exitCode: 0, errors: [], summary: { replace: 2 } });
    pulumi(project, "preview", "--expect-no-changes");
    pulumi(project, "destroy", "--yes", "--skip-preview");
    expect(project.objects().map((name) => name.split("-")[0])).toEqual(["kept"]);
  });

  it("plans what the CLI plans", async () => {
    using project = new TestProject(program(1));
    await startCommand(project, ["config", "set", "token", "t0ken", "--secret"]).ended;
    await project.run("up");
    project.program(program(2).replace('new Thing("kept"', 'new Thing("renamed"'));
    const own = await project.run("preview");
    const cli = JSON.parse(pulumi(project, "preview", "--json")) as PreviewDocument & {
      changeSummary: Record<string, number>;
    };
    // The CLI counts as a deletion what it only takes out of the state.
    const { forget, ...rest } = own.summary;
    expect({ ...rest, delete: (rest.delete ?? 0) + (forget ?? 0) }).toEqual(cli.changeSummary);
    const document = await startCommand(project, ["preview", "--json"]).ended;
    expect(changesOf(JSON.parse(document.output) as PreviewDocument)).toEqual(changesOf(cli));
  });

  it("exports what the CLI imports, and the other way round", async () => {
    using project = new TestProject(`new Thing("a", { value: pulumi.secret("s") })`);
    await project.run("up");
    const file = join(project.folder, "export.json");
    await startCommand(project, ["stack", "export", "--file", file]).ended;
    pulumi(project, "stack", "import", "--file", file);
    expect(await project.run("preview", { expectNoChanges: true })).toMatchObject({ exitCode: 0 });
    pulumi(project, "stack", "export", "--show-secrets", "--file", file);
    expect((await startCommand(project, ["stack", "import", "--file", file]).ended).code).toBe(0);
    pulumi(project, "preview", "--expect-no-changes");
  });

  it("keeps the CLI from the state of a killed run until it is merged, and then nothing is orphaned", async () => {
    const chain = `let last; for (let i = 0; i < 12; i++) last = new Thing("t" + i, { delay: 30, from: last?.object });`;
    for (const wait of [0, 200]) {
      using project = new TestProject(chain);
      const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
      await command.printed("t2 creat");
      await sleep(wait);
      command.kill("SIGKILL");
      await command.ended;
      expect(() => pulumi(project, "up", "--yes", "--skip-preview")).toThrow(/locked by 1 lock/);
      // A run that removes the lock by force gets no further.
      pulumi(project, "cancel", "--yes");
      for (const kind of ["preview", "up", "refresh", "destroy"])
        expect(() => pulumi(project, kind, ...(kind === "preview" ? [] : ["--yes"]))).toThrow(/unfinished-run/);
      const atKill = project.objects();
      expect(atKill.length).toBeGreaterThan(0);
      expect((await startCommand(project, ["stack", "merge"]).ended).code).toBe(0);
      const { resources = [], pending_operations: pending = [] } = project.checkpoint();
      const named = [
        ...resources.map(({ id }) => id),
        ...pending.map(({ resource }) => resource.urn.split("::").at(-1)),
      ];
      for (const object of atKill)
        expect(
          named.some((name) => name === object || object.startsWith(`${name}-`)),
          object,
        ).toBe(true);
      // The CLI tells of operations whose end nobody knows; the built-in engine finds it out.
      await project.run("up");
      expect(project.objects()).toHaveLength(12);
      pulumi(project, "preview", "--expect-no-changes");
      pulumi(project, "destroy", "--yes", "--skip-preview");
      expect(project.objects()).toEqual([]);
    }
  });

  it("shares the lock", async () => {
    using project = new TestProject(`new Thing("a", { delay: 4000 })`);
    const command = startCommand(project, ["up", "--yes", "--skip-preview"]);
    await command.printed("a creating");
    expect(() => pulumi(project, "up", "--yes", "--skip-preview")).toThrow(/locked by 1 lock/);
    expect((await command.ended).code).toBe(0);
  });
});

interface PreviewDocument {
  steps: { op: string; urn: string; diffReasons?: string[]; replaceReasons?: string[]; newState?: { type?: string } }[];
}

/** What `preview --json` says of each change; what is only taken out of the state is a deletion to the CLI. */
function changesOf({ steps }: PreviewDocument) {
  return steps
    .filter(({ op }) => op !== "same" && op !== "delete-replaced")
    .map(({ op, urn, diffReasons = [], replaceReasons = [], newState }) => ({
      op: op === "discard" ? "delete" : op,
      urn,
      diffReasons: diffReasons.toSorted(),
      replaceReasons: replaceReasons.toSorted(),
      type: newState?.type,
    }))
    .toSorted((a, b) => a.urn.localeCompare(b.urn));
}
