import { describe } from "vitest";
import { withoutDocker } from "../support/describe-with-docker.ts";

/** A suite over real registries and a real store; where `obstacle` or Docker stand against it, it is skipped and its name says why. */
export function describeWithStore(name: string, obstacle: string | undefined, suite: () => void): void {
  const missing = withoutDocker ?? obstacle;
  const title = missing ? `${name} (skipped: ${missing})` : name;
  describe.skipIf(missing !== undefined)(title, { timeout: 120_000 }, suite);
}
