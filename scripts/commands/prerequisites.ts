import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import { stopDockerDaemon } from "../machine/docker-daemon.ts";
import { prepareMachine, stateDirectory } from "../session/session.ts";
import { report } from "../terminal/terminal.ts";

interface Options extends CommonOptions {
  stop: boolean;
}

const definition = command(
  "prerequisites",
  "Finds or creates what up needs on this machine, and deploys nothing.",
).option("--stop", "stop the Docker engine, if the kit started it in the background", false);

await main<Options>(definition, async (options) => {
  if (options.stop) await stopDockerDaemon(report, { stateDirectory });
  else await prepareMachine(options);
  return 0;
});
