import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { savePlan } from "./preview/update-plan.ts";
import { openSession } from "./session.ts";

interface Options extends CommonOptions {
  expectNoChanges: boolean;
  savePlan?: string;
}

const definition = command("preview", "Shows what up would do; touches nothing.")
  .option("--expect-no-changes", "exit code 1 when anything would change", false)
  .option("--save-plan <file>", "save what is proposed, for up --plan");

await main<Options>(definition, async (options) => {
  const { engine } = await openSession(options, { deploys: false });
  const code = await engine.preview({ expectNoChanges: options.expectNoChanges });
  if (code === 0 && options.savePlan) {
    const { digest } = await engine.plan({ expectNoChanges: false });
    savePlan(options.savePlan, options.stack, digest.steps);
  }
  return code;
});
