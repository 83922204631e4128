import { UserError } from "../command-line.ts";
import { findPulumiCli } from "../prerequisites/pulumi-cli.ts";
import type { Engine, EngineContext } from "./engine.ts";
import { pulumiEngine } from "./pulumi-engine.ts";

/** The Pulumi CLI when it is on PATH, else the kit's own engine; `wanted` overrides. */
export async function chooseEngine(wanted: "pulumi" | "own" | undefined, context: EngineContext): Promise<Engine> {
  const cli = wanted === "own" ? undefined : await findPulumiCli();
  if (cli) return pulumiEngine(context, cli.path, cli.version);
  throw new UserError("Engine: no Pulumi CLI on PATH.");
}
