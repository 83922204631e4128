import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { printResult } from "./json-result.ts";
import { withLastSeen } from "./last-seen.ts";
import { openSession } from "./session.ts";
import { readDeployment } from "./stack-outputs.ts";
import { formatCacheStatus, formatStatus, stackStatus } from "./stack-status.ts";
import { UserError } from "./user-error.ts";

const definition = command(
  "status",
  "Shows what runs: container, health, image, certificate, users, place of the images, caches.",
).option(
  "--certificate",
  "print the certificate of the authority, which other machines must trust, and nothing else",
  false,
);

interface Options extends CommonOptions {
  certificate: boolean;
}

await main<Options>(definition, async (options) => {
  const { engine, stackFile } = await openSession(options, { deploys: false });
  const { registry, caches } = await readDeployment(engine, options.stack);
  if (options.certificate) {
    const certificate = (registry ?? caches[0])?.caCertificate;
    if (!certificate)
      throw new UserError("This stack has no certificate: it serves without TLS, see tls in the settings.");
    process.stdout.write(`${certificate.trimEnd()}\n`);
    return 0;
  }
  const resources = await engine.resources();
  const { docker } = stackFile.early();
  const now = new Date();
  const status =
    registry && (await stackStatus(options.stack, withLastSeen(registry, resources), docker, now, resources));
  const ofCaches = await Promise.all(
    caches.map(async (cache) => {
      return {
        name: cache.name,
        upstream: cache.upstream,
        ...(await stackStatus(options.stack, withLastSeen(cache, resources), docker, now, resources)),
      };
    }),
  );
  const text = [...(status ? [formatStatus(status)] : []), ...ofCaches.map(formatCacheStatus)].join("\n");
  const json = { ...status, ...(ofCaches.length > 0 ? { caches: ofCaches } : {}) };
  if (options.json) printResult(json);
  else process.stdout.write(text);
  return [...(status ? [status] : []), ...ofCaches].every(({ running }) => running) ? 0 : 1;
});
