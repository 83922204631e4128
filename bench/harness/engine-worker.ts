import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { chooseEngine } from "../../scripts/engines/choose-engine.ts";
import type { Engine } from "../../scripts/engines/engine.ts";
import type { EngineAnswer, EngineOperation, EngineReply, EngineRequest } from "./engine-process.ts";

const [{ context, wanted, operation }] = (await once(process, "message")) as [EngineRequest];
const engine = await chooseEngine(() => {}, wanted, context);
send("ready");
await once(process, "message");
const begin = performance.eventLoopUtilization();
const answer = await perform(engine, operation);
const { active } = performance.eventLoopUtilization(begin);
send({ ...answer, busy: active, peakMemory: process.resourceUsage().maxRSS / 1024 });
process.disconnect();

async function perform(engine: Engine, operation: EngineOperation): Promise<EngineAnswer> {
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
