import { once } from "node:events";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { chooseEngine } from "../../scripts/engines/choose-engine.ts";
import type { Engine } from "../../scripts/engines/engine.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import type { EngineAnswer, EngineOperation, EngineReply, EngineRequest } from "./engine-process.ts";

// As in a command of the kit. What it starts is not to have it from here: see engine-process.ts.
enableCompileCache(join(projectRoot, ".cache", "node"));
const [{ context, wanted, operation }] = (await once(process, "message")) as [EngineRequest];
const engine = await chooseEngine(() => {}, wanted, context);
send("ready");
await once(process, "message");
const begin = process.threadCpuUsage();
const answer = await perform(engine, operation);
const { user, system } = process.threadCpuUsage(begin);
send({ ...answer, busy: (user + system) / 1000, peakMemory: process.resourceUsage().maxRSS / 1024 });
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
