import { certificatesForGo } from "../certificates/certificates-for-go.ts";
import { keyForGo } from "../certificates/key-for-go.ts";
import { isPem } from "./configuration/field-types.ts";
import type { RegistryOptions } from "./configuration/registry-options.ts";
import type { RegistryFile } from "./registry-file.ts";

interface WithFiles {
  /** With paths where there was PEM text. */
  options: RegistryOptions;
  files: RegistryFile[];
}

/** Puts what is PEM text among the settings of Redis into files of this folder, from where the registry reads it. */
export function redisFiles(options: RegistryOptions, folder: string): WithFiles {
  const { redis } = options;
  if (!redis?.tls) return { options, files: [] };
  const files: RegistryFile[] = [];
  const placed = (given: string, name: string): string => {
    if (!isPem(given)) return given;
    files.push({
      name,
      content: name.endsWith(".key") ? keyForGo(given) : certificatesForGo(given),
      onChange: "restart",
    });
    return `${folder}/${name}`;
  };
  const { rootCas, certificate, key } = redis.tls;
  const tls = {
    rootCas: rootCas.map((one, i) => placed(one, `redis-ca-${i + 1}.crt`)),
    ...(certificate === undefined ? {} : { certificate: placed(certificate, "redis-client.crt") }),
    ...(key === undefined ? {} : { key: placed(key, "redis-client.key") }),
  };
  return { options: { ...options, redis: { ...redis, tls } }, files };
}
