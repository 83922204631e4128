import { ConsoleDisplay } from "../../engine/display/console-display.ts";
import type { Display } from "../../engine/display/display.ts";
import { paintFor } from "../../engine/display/paint.ts";
import type { OperationKind } from "../../engine/operation/operation-options.ts";
import { complain, show, verbosity } from "../terminal/terminal.ts";
import { both } from "./both.ts";
import { PeopleDisplay } from "./people-display.ts";
import { resultDisplay } from "./result-display.ts";

export interface DisplayOptions {
  kind: OperationKind;
  /** Standard output belongs to one JSON document. */
  json: boolean;
  /** The look ahead before a change. */
  preview?: boolean;
  /** What a teardown forgets is removed afterwards. */
  purges?: boolean;
}

/** How a run is shown: each step with --verbose, else in a few lines. */
export function displayFor({ kind, json, preview = kind === "preview", purges = false }: DisplayOptions): Display {
  const write = json ? (line: string) => process.stderr.write(`${line}\n`) : show;
  const paint = paintFor(json ? process.stderr : process.stdout, process.env);
  if (json && kind !== "preview") {
    const people = new PeopleDisplay({ kind, preview, purges, paint, write: () => {}, complain });
    return both(people, resultDisplay(preview));
  }
  if (verbosity() !== "verbose" && kind !== "preview") {
    return new PeopleDisplay({ kind, preview, purges, paint, write, complain });
  }
  return new ConsoleDisplay({
    preview,
    diff: kind === "preview",
    refresh: kind === "refresh",
    purges,
    outputs: false,
    paint,
    write,
  });
}
