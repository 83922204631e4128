import * as pulumi from "@pulumi/pulumi";
import { registryPort, storageFolder, storeAuthorityName } from "../files/layout.ts";
import type { ConfigurationSpec } from "./configuration/configuration-spec.ts";
import { renderConfiguration } from "./configuration/render-configuration.ts";
import type { StorageConfiguration } from "./configuration/storage-configuration.ts";
import type { FilledArguments } from "./filled-arguments.ts";
import { redisFiles } from "./redis-files.ts";
import type { RegistryFile } from "./registry-file.ts";
import type { ServerFiles } from "./server-files.ts";
import { storeCredentials } from "./store-credentials.ts";
import { upstreamFiles, upstreamSpec } from "./upstream-files.ts";

type Sources = Pick<FilledArguments, "tls" | "htpasswd" | "options" | "storage" | "upstream">;

/** The files that a registry reads, and expects in a folder: config.yml, certificate and key, the store's authorities, those of Redis, htpasswd, credentials for an upstream. */
export function registryFiles(args: Sources, httpSecret: pulumi.Input<string>, folder: string): RegistryFile[] {
  const { tls, htpasswd, upstream } = args;
  const { options, files } = redisFiles(args.options, folder);
  const authority = "objects" in args.storage ? args.storage.authority : undefined;
  const storage: pulumi.Input<StorageConfiguration> =
    "objects" in args.storage
      ? pulumi.secret(args.storage.objects)
      : { driver: "filesystem", rootDirectory: storageFolder };
  const configuration = pulumi.all([httpSecret, storage]).apply(([httpSecret, storage]) =>
    renderConfiguration({
      options,
      storage,
      port: registryPort,
      httpSecret,
      ...(tls ? { tls: tlsPaths(tls, folder) } : {}),
      ...(htpasswd ? { htpasswd: { path: `${folder}/htpasswd` } } : {}),
      ...(upstream ? { upstream: upstreamSpec(upstream, folder) } : {}),
    }),
  );
  return [
    { name: "config.yml", content: configuration, onChange: "restart" },
    // The registry loads its certificate once (tls.LoadX509KeyPair), and looks at htpasswd with every request.
    ...(tls ? ([{ name: "server.crt", content: tls.chainPem, onChange: "restart" }] as const) : []),
    ...(tls ? ([{ name: "server.key", content: tls.privateKeyPem, onChange: "restart" }] as const) : []),
    ...(authority ? ([{ name: storeAuthorityName, content: authority, onChange: "restart" }] as const) : []),
    ...(htpasswd ? ([{ name: "htpasswd", content: htpasswd, onChange: "reread" }] as const) : []),
    ...(tls?.clientAuthoritiesPem
      ? ([{ name: clientAuthoritiesName, content: tls.clientAuthoritiesPem, onChange: "restart" }] as const)
      : []),
    ...files,
    ...storeCredentials(args.storage),
    ...(upstream ? upstreamFiles(upstream) : []),
  ];
}

const clientAuthoritiesName = "client-ca.crt";

function tlsPaths({ clientAuthoritiesPem }: ServerFiles, folder: string): NonNullable<ConfigurationSpec["tls"]> {
  const clients = clientAuthoritiesPem ? { clientAuthorities: `${folder}/${clientAuthoritiesName}` } : {};
  return { certificate: `${folder}/server.crt`, key: `${folder}/server.key`, ...clients };
}
