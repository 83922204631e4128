import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { areas } from "./areas/index.ts";
import type { Program, Recording } from "./harness/program.ts";
import { runOnCli } from "./harness/run-on-cli.ts";
import { serveWorld } from "./harness/serve-world.ts";

/** Writes down what the programs do on the Pulumi CLI that is on PATH: of the areas that are named, else of all; `--new`: where it is missing. */
const missing = process.argv.includes("--new");
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
/** One: all programs of this process hear of what any of them rejects. */
const atATime = 1;

for (const [area, programs] of Object.entries(areas)) {
  if (named.length > 0 && !named.includes(area)) continue;
  const file = fileURLToPath(new URL(`./recorded/${area}.json`, import.meta.url));
  const known: Record<string, Recording> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const recorded = new Map<string, Recording>();
  const waiting = [...programs];
  const work = async () => {
    for (let program = waiting.shift(); program; program = waiting.shift()) {
      recorded.set(program.name, (missing && known[program.name]) || (await record(area, program)));
      const written = programs.flatMap(({ name }) => (recorded.has(name) ? [[name, recorded.get(name)]] : []));
      writeFileSync(file, `${JSON.stringify(Object.fromEntries(written), null, 1)}\n`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
}
process.exit(0);

async function record(area: string, program: Program): Promise<Recording> {
  const served = await serveWorld();
  const recording = await runOnCli(program, served);
  served.close();
  console.log(`${area}: ${program.name}`);
  return recording;
}
