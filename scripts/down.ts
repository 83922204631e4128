import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { stopDockerDaemon } from "./prerequisites/docker-daemon.ts";
import { openSession, report, stateDirectory } from "./session.ts";

interface Options extends CommonOptions {
  docker: boolean;
}

const definition = command("down", "Takes a stack away; images are kept unless the settings say otherwise.").option(
  "--docker",
  "stop the Docker engine too, where up started it in the background",
  false,
);

await main<Options>(definition, async (options) => {
  const { engine, stackFile } = await openSession(options, { deploys: false });
  const before = await engine.outputs();
  const code = await engine.destroy();
  if (code !== 0) return code;
  const volume = stackFile.get(["storage", "volume", "keep"]) === false ? undefined : before?.volume;
  if (typeof volume === "string")
    report(`Kept: volume ${volume} with all images. To delete it: docker volume rm ${volume}`);
  const folder = stackFile.get(["storage", "bindMount", "path"]);
  if (typeof folder === "string") report(`Kept: folder ${folder} with all images.`);
  if (options.docker) await stopDockerDaemon(report, { stateDirectory });
  return 0;
});
