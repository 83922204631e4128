import { describe } from "vitest";
import { whyNoRegistry } from "./real-registry.ts";

const missing = await whyNoRegistry();

/** A suite over real registries, its tests side by side; skipped, with the reason in its name, where none can be started. */
export function describeWithRegistry(name: string, suite: () => void): void {
  describe.skipIf(missing).concurrent(missing ? `${name} (skipped: ${missing})` : name, suite);
}

/** Text that YAML, shells, URLs and headers each read in their own way. */
export const awkwardText = `[&#%: "'] $HOME {x} 100% ünï 漢字 😀 \\ true`;
