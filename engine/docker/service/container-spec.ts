import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import {
  isTrue,
  labelsOf,
  mapOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from "../../../lib/protocol/values.ts";
import { parseDuration } from "../../../lib/time/go-duration.ts";
import { filled, given } from "../common/given.ts";
import { mountOf } from "../container/container-mounts.ts";
import { healthcheckOf } from "../container/healthcheck.ts";

/** The containers of a service, as Docker takes them. */
export function containerSpec(container: PropertyMap): object {
  const dns = objectOf(container.dnsConfig);
  return given({
    Image: textOf(container.image),
    Labels: labelsOf(container.labels),
    Command: filled(textsOf(container.commands)),
    Args: filled(textsOf(container.args)),
    Hostname: textOf(container.hostname),
    Env: filled(Object.entries(mapOf(container.env)).map(([key, value]) => `${key}=${value}`)),
    Dir: textOf(container.dir),
    User: textOf(container.user),
    Groups: filled(textsOf(container.groups)),
    Privileges: privilegesOf(objectOf(container.privileges)),
    ReadOnly: isTrue(container.readOnly),
    Mounts: container.mounts ? objectsOf(container.mounts).map((mount) => mountOf(mount)) : undefined,
    StopSignal: textOf(container.stopSignal),
    StopGracePeriod: parseDuration(textOf(container.stopGracePeriod) ?? ""),
    Healthcheck: healthcheckOf(objectOf(container.healthcheck)),
    // The other way round than in `docker run`: the address comes first.
    Hosts: container.hosts ? objectsOf(container.hosts).map(({ host, ip }) => `${ip} ${host}`) : undefined,
    DNSConfig: dns && {
      Nameservers: textsOf(dns.nameservers),
      Search: textsOf(dns.searches),
      Options: textsOf(dns.options),
    },
    Secrets: objectsOf(container.secrets).map((secret) =>
      given({ SecretID: textOf(secret.secretId), SecretName: textOf(secret.secretName), File: fileOf(secret) }),
    ),
    Configs: objectsOf(container.configs).map((config) =>
      given({ ConfigID: textOf(config.configId), ConfigName: textOf(config.configName), File: fileOf(config) }),
    ),
    Isolation: textOf(container.isolation),
    Sysctls: container.sysctl ? mapOf(container.sysctl) : undefined,
    CapabilityAdd: filled(textsOf(container.capAdds)),
    CapabilityDrop: filled(textsOf(container.capDrops)),
    Init: container.init === undefined ? undefined : isTrue(container.init),
  });
}

function fileOf(file: PropertyMap) {
  return {
    Name: textOf(file.fileName),
    UID: textOf(file.fileUid) ?? "0",
    GID: textOf(file.fileGid) ?? "0",
    Mode: numberOf(file.fileMode) ?? 0o444,
  };
}

function privilegesOf(privileges: PropertyMap | undefined) {
  if (!privileges) return undefined;
  const credentials = objectOf(privileges.credentialSpec);
  const context = objectOf(privileges.seLinuxContext);
  return given({
    CredentialSpec: credentials && given({ File: textOf(credentials.file), Registry: textOf(credentials.registry) }),
    SELinuxContext:
      context &&
      given({
        Disable: isTrue(context.disable),
        User: textOf(context.user),
        Role: textOf(context.role),
        Type: textOf(context.type),
        Level: textOf(context.level),
      }),
  });
}
