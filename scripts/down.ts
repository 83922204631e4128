import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { stopDockerDaemon } from "./prerequisites/docker-daemon.ts";
import { openSession, report, stateDirectory } from "./session.ts";
import type { StackFile } from "./stack-file.ts";
import { deploymentOf } from "./stack-outputs.ts";
import { UserError } from "./user-error.ts";

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
  refuseUnlessAgreed(before, stackFile);
  const code = await engine.destroy();
  if (code !== 0) return code;
  const volume = before?.volumeKept === false ? undefined : before?.volume;
  const ofCaches = (deploymentOf(before)?.caches ?? []).flatMap((cache) => (cache.volumeKept ? [cache.volume] : []));
  for (const kept of [volume, ...ofCaches]) {
    if (typeof kept === "string")
      report(`Kept: volume ${kept} with all images. To delete it: docker volume rm ${kept}`);
  }
  if (before?.bucketKept === true && typeof before.bucket === "string")
    report(
      `Kept: bucket ${before.bucket} with all images. To use it again: storage.aws with this bucket and adopt: true`,
    );
  const folder = stackFile.get(["storage", "bindMount", "path"]);
  if (typeof folder === "string") report(`Kept: folder ${folder} with all images.`);
  if (typeof before?.store === "string") report(`Kept: ${before.store}, with all images.`);
  if (options.docker) await stopDockerDaemon(report, { stateDirectory });
  return 0;
});

/** The state decides whether the images go, and it knows the settings of the last up only. */
function refuseUnlessAgreed(before: Record<string, unknown> | undefined, stackFile: StackFile): void {
  if (before?.bucketKept === false && stackFile.get(["storage", "aws", "destroyImages"]) !== true) {
    throw new UserError(
      `Nothing was touched: the settings keep bucket ${before.bucket} now, but the last "up" was told not to, and "down" would ` +
        'delete it with all images. Type "npm run up" to take the setting over first, or set storage.aws.destroyImages to true.',
    );
  }
  if (before?.volumeKept !== false || stackFile.get(["storage", "volume", "keep"]) === false) return;
  throw new UserError(
    `Nothing was touched: the settings keep volume ${before.volume} now, but the last "up" was told not to, and "down" would ` +
      'delete it with all images. Type "npm run up" to take the setting over first, or set storage.volume.keep to false.',
  );
}
