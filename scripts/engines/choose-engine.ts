import type { Report } from "../machine/prerequisite.ts";
import { findPulumiCli } from "../machine/pulumi-cli.ts";
import { UserError } from "../terminal/user-error.ts";
import type { Engine, EngineContext } from "./engine.ts";
import type { EngineName } from "./engine-name.ts";
import { pulumiEngine } from "./pulumi-engine.ts";

/** The Pulumi CLI when it is on PATH, else the built-in engine; `wanted` overrides. */
export async function chooseEngine(
  report: Report,
  wanted: EngineName | undefined,
  context: EngineContext,
): Promise<Engine> {
  const engine = await find(report, wanted, context);
  report(`Engine: ${engine.description}`, "detail");
  return engine;
}

async function find(report: Report, wanted: EngineName | undefined, context: EngineContext): Promise<Engine> {
  const cli = wanted === "builtin" ? undefined : await findPulumiCli(report);
  if (cli) return pulumiEngine(context, cli);
  if (wanted === "pulumi") {
    throw new UserError("Engine: there is no Pulumi CLI on PATH. Install it, or leave out --engine pulumi.");
  }
  // Loaded only where it is needed.
  const { builtinEngine } = await import("./builtin-engine.ts");
  return builtinEngine(context, wanted === "builtin" ? "--engine builtin" : "no Pulumi CLI on PATH");
}
