import { describe } from "vitest";
import { chooseEngine } from "../../scripts/engines/choose-engine.ts";
import type { EngineName } from "../../scripts/engines/engine-name.ts";
import { findProgram } from "../../scripts/machine/find-program.ts";
import { withoutDocker } from "./describe-with-docker.ts";

/** Every engine that the kit can be told to use, and why it can't be used here; undefined: it can. */
const engines: [EngineName, string | undefined][] = [
  ["pulumi", withoutDocker ?? (await obstacle("pulumi")) ?? withoutDockerPlugin()],
  ["builtin", withoutDocker ?? (await obstacle("builtin"))],
];

/** A suite on a real Docker engine, once for each engine; one that is not there is skipped, and the name says why. */
export function describeWithEngines(name: string, body: (engine: EngineName) => void): void {
  for (const [engine, reason] of engines) {
    const title = `${name}, engine ${engine}${reason ? ` (skipped: ${reason})` : ""}`;
    describe.skipIf(reason !== undefined)(title, { timeout: 180_000 }, () => body(engine));
  }
}

async function obstacle(engine: EngineName): Promise<string | undefined> {
  try {
    await chooseEngine(() => {}, engine, { project: "", stack: "dev", environment: {}, quiet: true });
    return undefined;
  } catch (error) {
    return engine === "builtin" ? "the kit has none" : (error as Error).message;
  }
}

/** The copies of the project have a plugin folder of their own, which is empty. */
function withoutDockerPlugin(): string | undefined {
  return findProgram("pulumi-resource-docker") ? undefined : "no pulumi-resource-docker on PATH";
}
