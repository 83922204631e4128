import { once } from "node:events";
import { chooseEngine } from "../../scripts/engines/choose-engine.ts";
import type { Engine } from "../../scripts/engines/engine.ts";
import type { EngineOperation, EngineReply, EngineRequest } from "./engine-process.ts";

const [{ context, wanted, operation }] = (await once(process, "message")) as [EngineRequest];
const engine = await chooseEngine(() => {}, wanted, context);
send("ready");
await once(process, "message");
send(await perform(engine, operation));
process.disconnect();

async function perform(engine: Engine, operation: EngineOperation): Promise<EngineReply> {
  switch (operation) {
    case "preview":
      return { code: await engine.preview({ expectNoChanges: true }) };
    case "outputs":
      return { code: 0, outputs: await engine.outputs() };
    default:
      return { code: await engine[operation]() };
  }
}

function send(reply: EngineReply): void {
  process.send?.(reply);
}
