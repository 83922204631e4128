import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Program, Run, StateResource } from "./program.ts";
import { World } from "./world.ts";

const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

/** A Pulumi project in a temporary folder, with a state of its own and a world; removed when it goes out of scope. */
export class ProgramFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "program-"));
  readonly world = new World();
  readonly state = join(this.path, "state");

  /** @param plugin folder of the test provider. */
  constructor(program: Pick<Program, "project" | "stackFile">, plugin: string) {
    mkdirSync(this.state);
    symlinkSync(modules, join(this.path, "node_modules"));
    writeFileSync(
      join(this.path, "Pulumi.yaml"),
      `name: shop\nmain: index.js\nruntime: {name: nodejs, options: {typescript: false}}\n` +
        `plugins: {providers: [{name: test, path: ${plugin}}]}\n${program.project ?? ""}\n`,
    );
    writeFileSync(join(this.path, "package.json"), '{"name": "shop", "main": "index.js"}');
    writeFileSync(join(this.path, "index.js"), "");
    if (program.stackFile) this.#writeStackFile(program.stackFile);
  }

  get stateFile(): string {
    return join(this.state, ".pulumi", "stacks", "shop", "dev.json");
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_CONFIG_PASSPHRASE: "correct horse",
      PULUMI_HOME: join(tmpdir(), "engine-test-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DEBUG_COMMANDS: "true", // the CLI then has --event-log and --client
    };
  }

  /** Does what a run wants to be done before it. */
  prepare(run: Run): void {
    run.world?.(this.world);
    this.world.calls.length = 0;
    this.world.failing = run.failing ?? [];
    this.world.partial = run.partial ?? [];
    if (run.stackFile) this.#writeStackFile(run.stackFile);
    if (!run.edit || !existsSync(this.stateFile)) return;
    const file = JSON.parse(readFileSync(this.stateFile, "utf8"));
    run.edit(file.checkpoint.latest.resources as StateResource[]);
    writeFileSync(this.stateFile, JSON.stringify(file));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** An encryption salt that the CLI has written stays. */
  #writeStackFile(text: string): void {
    const file = join(this.path, "Pulumi.dev.yaml");
    const salt = existsSync(file) ? /^encryptionsalt:.*$/m.exec(readFileSync(file, "utf8"))?.[0] : undefined;
    writeFileSync(file, `${text}\n${salt ?? ""}\n`);
  }
}
