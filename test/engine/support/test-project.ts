import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentDisplay } from "../../../engine/display/silent-display.ts";
import { runOperation } from "../../../engine/operation/operation.ts";
import type { OperationKind, OperationOptions } from "../../../engine/operation/operation-options.ts";
import type { Result } from "../../../engine/reporting/result.ts";
import type { EncryptedDeployment } from "../../../engine/state/checkpoint.ts";
import { journalOf } from "../../../engine/state/journal.ts";
import { replayJournal } from "../../../engine/state/replay-journal.ts";
import { objectsIn } from "./provider/thing.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What every test program begins with. */
const preamble = `
const pulumi = require("@pulumi/pulumi");
class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) { super("test:index:Thing", name, { object: undefined, name: undefined, ...args }, opts); }
}
class Group extends pulumi.ComponentResource {
  constructor(name, args, opts) { super("test:index:Group", name, {}, opts); }
}
class TestProvider extends pulumi.ProviderResource {
  constructor(name, args, opts) { super("test", name, args, opts); }
}
`;

/** A temporary Pulumi project whose program uses the test provider; removed when it goes out of scope. */
export class TestProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "engine-test-"));
  readonly world = join(this.folder, "world");
  readonly state = join(this.folder, "state");
  readonly passphrase = "correct horse";
  stack = "dev";

  constructor(program = "", projectFields = "") {
    for (const folder of [this.world, this.state]) mkdirSync(folder);
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    const provider = join(root, "test", "engine", "support", "provider");
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      `name: shop\nmain: index.js\nruntime: {name: nodejs, options: {typescript: false}}\n` +
        `plugins: {providers: [{name: test, path: ${provider}}]}\n${projectFields}\n`,
    );
    writeFileSync(
      join(this.folder, "package.json"),
      JSON.stringify({ name: "shop", type: "commonjs", main: "index.js" }),
    );
    this.program(program);
  }

  program(source: string): this {
    writeFileSync(join(this.folder, "index.js"), preamble + source);
    return this;
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_CONFIG_PASSPHRASE: this.passphrase,
      PULUMI_HOME: join(tmpdir(), "engine-test-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      TEST_WORLD: this.world,
    };
  }

  run(kind: OperationKind, options: Partial<OperationOptions> = {}): Promise<Result> {
    return runOperation({
      kind,
      projectDirectory: this.folder,
      stack: this.stack,
      environment: this.environment,
      display: silentDisplay,
      ...options,
    });
  }

  /** The names of the objects that there are. */
  objects(): string[] {
    return objectsIn(this.world).sort();
  }

  calls(): string[] {
    const log = join(this.world, "calls.log");
    return existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  }

  /** Process ids of the providers that were started. */
  providers(): number[] {
    return readFileSync(join(this.world, "processes.log"), "utf8").trimEnd().split("\n").map(Number);
  }

  clearCalls(): void {
    writeFileSync(join(this.world, "calls.log"), "");
  }

  get stateFile(): string {
    return join(this.state, ".pulumi", "stacks", "shop", `${this.stack}.json`);
  }

  /** The resources of the state as they are on disk. */
  resources(): Record<string, unknown>[] {
    return this.checkpoint().resources ?? [];
  }

  /** With what the journal of a killed run says. */
  checkpoint(): Pick<EncryptedDeployment, "resources" | "pending_operations"> {
    const { features, checkpoint } = JSON.parse(readFileSync(this.stateFile, "utf8"));
    const id = journalOf(features);
    if (!id) return checkpoint.latest;
    const journal = `${this.stateFile}.journal`;
    return replayJournal(checkpoint.latest, id, readFileSync(journal, "utf8"), journal);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `operation name` of each step, without the stack, providers and what stays the same; in no order. */
export function steps(result: Result): string[] {
  return result.steps
    .filter(({ type, operation }) => operation !== "same" && !type.startsWith("pulumi:"))
    .map(({ operation, urn, error }) => `${error === undefined ? operation : "failed"} ${urn.split("::").at(-1)}`)
    .sort();
}
