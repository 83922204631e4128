import { spawn } from "node:child_process";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Project } from "../config/project.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { sdkFolder } from "../plugins/find-plugin.ts";
import { killGroup } from "../plugins/kill-group.ts";
import { programGuards } from "../plugins/plugin-guards.ts";

export interface ProgramOptions {
  project: Project;
  stack: string;
  preview: boolean;
  /** How many registrations the SDK may have under way; 1 makes it wait for each. */
  parallel: number;
  /** Of the engine's server. */
  address: string;
  config: StackConfig;
  environment: NodeJS.ProcessEnv;
  /** Takes a line that the program printed. */
  onLine(line: string): void;
}

/** A running program. */
export interface Program {
  /** `failed` where the program has reported its error itself, through the engine's log. */
  ended: Promise<"ok" | "failed" | { problem: string }>;
  kill(): void;
}

/** The exit code with which the SDK's runner says that the error has been logged; source: cmd/run/index.ts. */
const alreadyLogged = 32;

const quickStacks = new URL(`./quick-stacks${extname(import.meta.filename)}`, import.meta.url).href;

/** Starts the program of a project with the SDK's own runner. */
export function runProgram(options: ProgramOptions): Program {
  const { project, stack, preview, parallel, address, config } = options;
  const { typescript, tsconfig, nodeargs } = project.runtimeOptions;
  const runner = [
    join(sdkFolder(project.programFolder), "cmd", "run"),
    ...["--monitor", address, "--engine", address, "--organization", "organization", "--project", project.name],
    ...["--root-directory", project.folder, "--stack", stack, "--pwd", project.programFolder],
    ...["--parallel", `${parallel}`],
    ...(preview ? ["--dry-run"] : []),
    project.main,
  ];
  const child = spawn(
    process.execPath,
    [
      ...(typeof nodeargs === "string" ? nodeargs.split(" ").filter(Boolean) : []),
      ...[...programGuards, "--import", quickStacks],
      ...runner,
    ],
    {
      cwd: project.programFolder,
      // A process group of its own: Ctrl-C reaches only the engine, which lets running steps finish.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...options.environment,
        PULUMI_CONFIG: JSON.stringify(config.values),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
        ...(typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
      },
    },
  );
  const kill = () => killGroup(child);
  process.on("exit", kill);
  createInterface(child.stdout).on("line", options.onLine);
  createInterface(child.stderr).on("line", options.onLine);
  const ended: Program["ended"] = new Promise((resolve) => {
    child.on("error", (error) => resolve({ problem: `The program could not be started: ${error.message}` }));
    child.on("close", (code, signal) => {
      process.off("exit", kill);
      if (code === 0) resolve("ok");
      else if (code === alreadyLogged) resolve("failed");
      else resolve({ problem: `The program ended with ${signal ?? `exit code ${code}`}.` });
    });
  });
  return { ended, kill };
}
