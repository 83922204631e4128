import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { InvalidArgumentError } from "commander";
import { distance } from "fastest-levenshtein";
import { type Figure, verdict } from "../bench/harness/figure.ts";
import { formatTable } from "../bench/harness/format-table.ts";
import { plot } from "../bench/harness/plot.ts";
import { type Circumstances, reportOf, thisMachine } from "../bench/harness/report.ts";
import { measures } from "../bench/measures/measures.ts";
import { type BenchResult, runBench } from "../bench/run-bench.ts";
import { dockerClient } from "../components/docker-host/docker-client.ts";
import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { printResult } from "./json-result.ts";
import { projectRoot } from "./project-root.ts";
import { openSession } from "./session.ts";
import type { StackFile } from "./stack-file.ts";
import { report } from "./terminal.ts";

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
  const { engine, stackFile } = await openSession(options, { deploys: true });
  const docker = dockerClient({});
  const image = stackFile.early().image.name;
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
    settings: takenOver(stackFile),
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
function takenOver(stackFile: StackFile): Record<string, unknown> {
  const settings = ["image", "container", "registry"].map((key) => [key, stackFile.get([key])] as const);
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
