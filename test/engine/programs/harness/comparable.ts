import type { Outcome, Run } from "./program.ts";

/**
 * Whether what fails has begun as a step, and what a preview that fails still shows, is told in other places by each engine; the state
 * and the calls say it, too.
 */
export function comparable(outcome: Outcome, run: Run | undefined): Outcome {
  const shown = outcome.ok || run?.do !== "preview" ? outcome.steps : [];
  const state = outcome.state.map(({ propertyDependencies = {}, ...fields }) => {
    const used = Object.entries(propertyDependencies as Record<string, string[]>).filter(([, urns]) => urns.length > 0);
    return used.length > 0 ? { ...fields, propertyDependencies: Object.fromEntries(used) } : fields;
  });
  return { ...outcome, state, steps: shown.filter((step) => !step.startsWith("failed:")) };
}
