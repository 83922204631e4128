import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { explainFailedService } from "./explain-failed-service.ts";
import { formatUsage } from "./format-usage.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { packsOf, withPolicyOptions } from "./policy-options.ts";
import { openSession } from "./session.ts";
import { readDeployment } from "./stack-outputs.ts";
import { verifyStack } from "./verify-stack.ts";

interface Options extends CommonOptions, PolicyOptions {
  verify: boolean;
}

const definition = withPolicyOptions(
  command("up", "Makes what is missing, deploys a stack, proves it, and says how to use it."),
).option("--no-verify", "leave out the proof");

await main<Options>(definition, async (options) => {
  const { engine, stackFile, directUse } = await openSession(options, { deploys: true });
  const code = await engine.up(packsOf(options));
  if (code !== 0) {
    await explainFailedService(stackFile, options.stack);
    return code;
  }
  const stack = await readDeployment(engine, options.stack);
  const verified = options.verify ? await verifyStack(stack, stackFile.early().docker, options.json) : 0;
  if (!options.json) process.stdout.write(formatUsage(stack, options.stack, directUse));
  return verified;
});
