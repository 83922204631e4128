import { command, main } from "../command-line/command-line.ts";
import { openSession } from "../session/session.ts";
import { addResult } from "../terminal/json-result.ts";

const definition = command("refresh", "Records what is really there, so that the next up repairs what has drifted.");

await main(definition, async (options) => {
  addResult({ stack: options.stack });
  const { engine } = await openSession(options, { deploys: false });
  return await engine.refresh();
});
