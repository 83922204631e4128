import { command, main } from "./command-line.ts";
import { withLastSeen } from "./last-seen.ts";
import { openSession } from "./session.ts";
import { readDeployment } from "./stack-outputs.ts";
import { formatCacheStatus, formatStatus, stackStatus } from "./stack-status.ts";

const definition = command(
  "status",
  "Shows what runs: container, health, image, certificate, users, place of the images, caches.",
);

await main(definition, async (options) => {
  const { engine, stackFile } = await openSession(options, { deploys: false });
  const { registry, caches } = await readDeployment(engine, options.stack);
  const resources = await engine.resources();
  const { docker } = stackFile.early();
  const now = new Date();
  const status = registry && (await stackStatus(options.stack, withLastSeen(registry, resources), docker, now));
  const ofCaches = await Promise.all(
    caches.map(async (cache) => {
      return {
        name: cache.name,
        upstream: cache.upstream,
        ...(await stackStatus(options.stack, withLastSeen(cache, resources), docker, now)),
      };
    }),
  );
  const text = [...(status ? [formatStatus(status)] : []), ...ofCaches.map(formatCacheStatus)].join("\n");
  const json = { ...status, ...(ofCaches.length > 0 ? { caches: ofCaches } : {}) };
  process.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : text);
  return [...(status ? [status] : []), ...ofCaches].every(({ running }) => running) ? 0 : 1;
});
