import type { EngineName } from "../../scripts/engines/engine-name.ts";
import type { Figure } from "./figure.ts";
import type { Leftovers } from "./leftovers.ts";

/** What every measure works with. */
export interface Bench {
  /** Runs of each side. */
  runs: number;
  /** Which engine runs the Pulumi programs; undefined: as `npm run up` chooses. */
  engine: EngineName | undefined;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Where a measure notes what has to be removed after it. */
  leftovers: Leftovers;
  /** Registry image by name and tag, present on the Docker host. */
  image: string;
  /** Settings of the stack that every deployed registry takes over: how the container and the registry are set up. */
  settings: Record<string, unknown>;
  /** A private folder that goes at the end. */
  folder: string;
  /** One line for people about what goes on. */
  progress(line: string): void;
}

/** A question with its own way to the answer; what it makes is noted in `leftovers` before it is made. */
export interface Measure {
  /** What `--only` takes. */
  name: string;
  /** Names of the figures that it gives, which `--only` takes, too. */
  figures: string[];
  /** It takes so long that `npm run bench` runs it only if it is named, and then once unless `--runs` says otherwise. */
  onlyByName?: boolean;
  run(bench: Bench): Promise<Figure[]>;
}
