import grpc from "@grpc/grpc-js";
import { ProviderError } from "../plugins/provider-connection.ts";
import type { Step } from "../reporting/report.ts";
import type { PendingOperation } from "../state/resource-state.ts";
import { Interrupted, Reported, type RunContext } from "./run-context.ts";

/** The provider was asked, and nobody knows what it did. */
const openEnds = [grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED, grpc.status.CANCELLED];

/**
 * Runs one change of a resource: in the state as pending before the provider is asked, reported, at most so many
 * at a time, and not at all once the run is being stopped.
 * @param pending what the state records while the provider works; undefined where nothing real is changed: that is
 *   saved with the next step, or at the end.
 * @param change asks the provider and records the result in the state, which is saved afterwards.
 * @throws {Reported} where it failed.
 */
export async function runChange<Result>(
  context: RunContext,
  step: Step,
  pending: PendingOperation | undefined,
  change: () => Promise<Result>,
): Promise<Result> {
  const { report, state, preview, limiter, stop } = context;
  return limiter.run(async () => {
    if (stop.aborted) throw new Interrupted();
    report.started(step);
    const begin = performance.now();
    try {
      if (!preview && pending) await state.begin(pending);
      const result = await change();
      if (pending) state.end(pending);
      if (!preview && pending) await state.save();
      report.finished(step, (performance.now() - begin) / 1000);
      return result;
    } catch (error) {
      if (pending && !isOpenEnded(error)) state.end(pending);
      report.failed(step, (error as Error).message);
      // Where saving is what failed, the next save says so again.
      if (!preview && pending) await state.save().catch(() => {});
      throw new Reported((error as Error).message);
    }
  });
}

/** The pending operation then stays in the state, and the next run looks at what is really there. */
function isOpenEnded(error: unknown): boolean {
  return error instanceof ProviderError && openEnds.includes(error.code);
}
