import { UserError } from "../command-line.ts";
import type { Report } from "../prerequisites/prerequisite.ts";
import { findPulumiCli } from "../prerequisites/pulumi-cli.ts";
import type { Engine, EngineContext } from "./engine.ts";
import { pulumiEngine } from "./pulumi-engine.ts";

/** The Pulumi CLI when it is on PATH, else the kit's own engine; `wanted` overrides. */
export async function chooseEngine(
  report: Report,
  wanted: "pulumi" | "own" | undefined,
  context: EngineContext,
): Promise<Engine> {
  const cli = wanted === "own" ? undefined : await findPulumiCli(report);
  if (cli) return pulumiEngine(context, cli);
  throw new UserError("Engine: no Pulumi CLI on PATH.");
}
