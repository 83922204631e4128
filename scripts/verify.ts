import { command, main } from "./command-line.ts";
import { openSession } from "./session.ts";
import { readDeployment } from "./stack-outputs.ts";
import { verifyStack } from "./verify-stack.ts";

const definition = command("verify", "Tests a deployed registry: TLS, users, a real login, push and pull.");

await main(definition, async (options) => {
  const { engine, stackFile } = await openSession(options, { deploys: false });
  return await verifyStack(await readDeployment(engine, options.stack), stackFile.early().docker, options.json);
});
