import * as pulumi from "@pulumi/pulumi";
import type { VolumeFileArgs } from "../files/volume-files.ts";
import { renderConfiguration } from "./configuration/render-configuration.ts";
import type { StorageConfiguration } from "./configuration/storage-configuration.ts";
import { configurationFolder, registryPort, storageFolder } from "./layout.ts";
import type { RegistryContainerArgs } from "./registry-container.ts";
import { credentialHelper, upstreamFiles } from "./upstream-files.ts";

/** The files that a registry container reads: config.yml, certificate and key, htpasswd, credentials for an upstream. */
export function registryFiles(args: RegistryContainerArgs, httpSecret: pulumi.Input<string>): VolumeFileArgs[] {
  const { tls, htpasswd, options, upstream } = args;
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
      ...(tls
        ? { tls: { certificate: `${configurationFolder}/server.crt`, key: `${configurationFolder}/server.key` } }
        : {}),
      ...(htpasswd ? { htpasswd: { path: `${configurationFolder}/htpasswd` } } : {}),
      ...(upstream ? { upstream: { url: upstream.url, ttl: upstream.ttl, credentialHelper } } : {}),
    }),
  );
  return [
    { name: "config.yml", content: configuration, onChange: "restart" },
    // The registry loads its certificate once (tls.LoadX509KeyPair), and looks at htpasswd with every request.
    ...(tls ? ([{ name: "server.crt", content: tls.chainPem, onChange: "restart" }] as const) : []),
    ...(tls ? ([{ name: "server.key", content: tls.privateKeyPem, onChange: "restart" }] as const) : []),
    ...(htpasswd ? ([{ name: "htpasswd", content: htpasswd, onChange: "reread" }] as const) : []),
    ...(upstream ? upstreamFiles(upstream) : []),
  ];
}
