import { command, main } from "./command-line.ts";
import { openSession } from "./session.ts";
import { readDeployedStack } from "./stack-outputs.ts";
import { formatStatus, stackStatus } from "./stack-status.ts";

const definition = command(
  "status",
  "Shows what runs: container, health, image, certificate, users, place of the images.",
);

await main(definition, async (options) => {
  const { engine, stackFile } = await openSession(options, { deploys: false });
  const status = await stackStatus(
    await readDeployedStack(engine, options.stack),
    stackFile.early().docker,
    new Date(),
  );
  process.stdout.write(options.json ? `${JSON.stringify(status, null, 2)}\n` : formatStatus(status));
  return status.running ? 0 : 1;
});
