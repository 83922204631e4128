import { isPem } from "../../components/registry/configuration/field-types.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { hasRegistry, type Settings } from "../settings/settings.ts";

/** Files with certificates that are in the official image: its Alpine package ca-certificates. */
const inImage = /^\/etc\/ssl\/(cert\.pem$|certs\/)/;

/** Paths of files that nothing puts into the container: the registry stops at each start (`failed to load` and the like). */
export function missingFiles(settings: Settings): Problem[] {
  if (!hasRegistry(settings)) return [];
  const { registry, service, image } = settings;
  // Another image may have the file, whatever its name ends with.
  if (!/^((index\.)?docker\.io\/)?(library\/)?registry(:|$)/.test(image.name)) return [];
  const { rootCas = [], certificate, key } = registry.redis?.tls ?? {};
  const named: [string, string | undefined][] = [
    ...rootCas.map((path, i): [string, string] => [`registry.redis.tls.rootCas[${i}]`, path]),
    ["registry.redis.tls.certificate", certificate],
    ["registry.redis.tls.key", key],
  ];
  const isThere = (path: string) => isPem(path) || inImage.test(path) || Object.hasOwn(service?.files ?? {}, path);
  return named.flatMap(([place, path]) => {
    if (path === undefined || isThere(path)) return [];
    const other = service ? ", or add the file to service.files" : "";
    return [
      {
        path: place,
        reason: `is ${path}, and nothing puts that file into the container: give its PEM text instead${other}`,
      },
    ];
  });
}
