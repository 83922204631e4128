import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import { readDeployment } from "../session/deployment.ts";
import { openSession } from "../session/session.ts";
import { withLastSeen } from "../status/last-seen.ts";
import { formatCacheStatus, formatStatus, stackStatus } from "../status/stack-status.ts";
import { printResult } from "../terminal/json-result.ts";
import { UserError } from "../terminal/user-error.ts";

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
  const { engine, settingsFile } = await openSession(options, { deploys: false });
  const { registry, caches } = await readDeployment(engine, options.stack);
  if (options.certificate) {
    const certificate = (registry ?? caches[0])?.caCertificate;
    if (!certificate)
      throw new UserError("This stack has no certificate: it serves without TLS, see tls in the settings.");
    process.stdout.write(`${certificate.trimEnd()}\n`);
    return 0;
  }
  const resources = await engine.resources();
  const { docker } = settingsFile.early();
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
