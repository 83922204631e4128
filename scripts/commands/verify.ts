import { command, main } from "../command-line/command-line.ts";
import { verifyStack } from "../proof/verify-stack.ts";
import { readDeployment } from "../session/deployment.ts";
import { openSession } from "../session/session.ts";

const definition = command("verify", "Tests a deployed registry: TLS, users, a real login, push and pull.");

await main(definition, async (options) => {
  const { engine, settingsFile } = await openSession(options, { deploys: false });
  return await verifyStack(await readDeployment(engine, options.stack), settingsFile.early().docker, options.json);
});
