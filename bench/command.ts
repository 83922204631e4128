import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { InvalidArgumentError } from "commander";
import { distance } from "fastest-levenshtein";
import { dockerClient } from "../lib/docker/docker-client.ts";
import type { CommonOptions } from "../scripts/command-line/command-line.ts";
import { command, main } from "../scripts/command-line/command-line.ts";
import { projectRoot } from "../scripts/project/project-root.ts";
import type { SettingsFile } from "../scripts/project/settings-file.ts";
import { openSession } from "../scripts/session/session.ts";
import { printResult } from "../scripts/terminal/json-result.ts";
import { report } from "../scripts/terminal/terminal.ts";
import { type Figure, verdict } from "./harness/figure.ts";
import { formatTable } from "./harness/format-table.ts";
import { plot } from "./harness/plot.ts";
import { type Circumstances, reportOf, thisMachine } from "./harness/report.ts";
import { measures } from "./measures/measures.ts";
import { type BenchResult, runBench } from "./run-bench.ts";

interface Options extends CommonOptions {
  only?: string[];
  runs?: number;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const names = [...new Set(measures.flatMap(({ name, figures }) => [name, ...figures]))];

const definition = command(
  "bench",
  "Measures the kit against doing the same without it, in one run. Takes several minutes.",
)
  .option("--only <name>", `one measure or figure, may be repeated: ${names.join(", ")}`, addName)
  .option("--runs <n>", "runs of each side; 5 by default, 1 of growth alone", wholeNumber);

await main<Options>(definition, async (options) => {
  const { engine, settingsFile } = await openSession(options, { deploys: true });
  const docker = dockerClient({});
  const image = settingsFile.early().image.name;
  const chosen = measures.filter(
    ({ name, figures, onlyByName }) => options.only?.some((one) => [name, ...figures].includes(one)) ?? !onlyByName,
  );
  const runs = options.runs ?? (chosen.every(({ onlyByName }) => onlyByName) ? 1 : 5);
  const circumstances: Circumstances = {
    date: new Date().toISOString(),
    runs,
    engine: engine.description.replace(/ \(.*/, ""),
    dockerEngine: (await docker.version()).Version,
    image,
    machine: thisMachine(),
  };
  const stop = new AbortController();
  const onSignal = () => {
    report("Stopping: the running step finishes, then everything that the bench created is removed.");
    stop.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  const result = await runBench(chosen, {
    runs,
    engine: options.engine,
    signal: stop.signal,
    image,
    settings: takenOver(settingsFile),
    progress: report,
  });
  for (const name of signals) process.removeListener(name, onSignal);
  return show(circumstances, result, options.json, stop.signal.aborted);
});

/** Writes the files, prints the table or the JSON, and returns the exit code. */
function show(
  circumstances: Circumstances,
  { figures, problems }: BenchResult,
  json: boolean,
  stopped: boolean,
): number {
  const data = `${JSON.stringify(reportOf(circumstances, figures, problems), null, 2)}\n`;
  const missed = figures.filter((figure) => figure.bound?.kind === "target" && verdict(figure) === "missed");
  if (json) printResult(reportOf(circumstances, figures, problems));
  else process.stdout.write(formatTable(figures));
  if (figures.length > 0) report(`Written: ${writeResults(circumstances, figures, data).join(", ")}`);
  for (const problem of problems) report(`Failed: ${problem}`);
  if (missed.length > 0) report(`Targets missed: ${missed.map(({ name }) => name).join(", ")}`);
  if (stopped) return 130;
  return missed.length + problems.length > 0 ? 1 : 0;
}

function writeResults({ date, runs }: Circumstances, figures: Figure[], data: string): string[] {
  const folder = join(projectRoot, "bench", "results");
  mkdirSync(folder, { recursive: true });
  const base = join(folder, date.replace(/\.\d+Z$/, "Z").replaceAll(":", "-"));
  writeFileSync(`${base}.json`, data);
  writeFileSync(`${base}.svg`, plot(figures, `${date.slice(0, 10)}, ${runs} runs`));
  return [".json", ".svg"].map((extension) => relative(process.cwd(), base + extension));
}

/** How the registry and its container are set up; hosts, users, names, ports and storage are the bench's own. */
function takenOver(settingsFile: SettingsFile): Record<string, unknown> {
  const settings = ["image", "container", "registry"].map((key) => [key, settingsFile.get([key])] as const);
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined));
}

function addName(name: string, others: string[] = []): string[] {
  if (!names.includes(name)) {
    const nearest = names.toSorted((a, b) => distance(a, name) - distance(b, name)).slice(0, 4);
    throw new InvalidArgumentError(`The nearest: ${nearest.join(", ")}. All of them: npm run bench -- --help`);
  }
  return [...others, name];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return value;
}
