import { formatDuration } from "../common/duration.ts";
import { toLabels } from "../common/values.ts";
import { volumeOptionsOutput } from "../container/container-mounts.ts";
import type { ContainerSpec, FileTarget, ServiceMount } from "./docker-service.ts";

/** The containers of a service, under the names of the inputs. */
export function containerSpecOutputs(spec: ContainerSpec): object {
  const { Healthcheck, DNSConfig, Privileges } = spec;
  const grace = spec.StopGracePeriod;
  return {
    image: spec.Image,
    labels: toLabels(spec.Labels),
    commands: spec.Command,
    args: spec.Args,
    hostname: spec.Hostname ?? "",
    env: spec.Env && Object.fromEntries(spec.Env.map(splitAtEquals)),
    user: spec.User ?? "",
    dir: spec.Dir ?? "",
    groups: spec.Groups,
    readOnly: spec.ReadOnly ?? false,
    mounts: (spec.Mounts ?? []).map(mountOutput),
    stopSignal: spec.StopSignal ?? "",
    stopGracePeriod: grace === undefined ? undefined : formatDuration(grace),
    healthcheck: Healthcheck && {
      tests: Healthcheck.Test ?? [],
      interval: formatDuration(Healthcheck.Interval),
      timeout: formatDuration(Healthcheck.Timeout),
      startPeriod: formatDuration(Healthcheck.StartPeriod),
      retries: Healthcheck.Retries ?? 0,
    },
    hosts: (spec.Hosts ?? []).map((entry) => {
      const [ip = "", host = ""] = entry.split(" ");
      return { host, ip };
    }),
    dnsConfig: DNSConfig && {
      nameservers: DNSConfig.Nameservers ?? [],
      searches: DNSConfig.Search ?? [],
      options: DNSConfig.Options ?? [],
    },
    secrets: (spec.Secrets ?? []).map(({ SecretID, SecretName, File }) => ({
      secretId: SecretID,
      secretName: SecretName ?? "",
      ...fileOutput(File),
    })),
    configs: (spec.Configs ?? []).map(({ ConfigID, ConfigName, File }) => ({
      configId: ConfigID,
      configName: ConfigName ?? "",
      ...fileOutput(File),
    })),
    isolation: spec.Isolation ?? "default",
    sysctl: spec.Sysctls,
    capAdds: spec.CapabilityAdd,
    capDrops: spec.CapabilityDrop,
    init: spec.Init ?? false,
    privileges: Privileges && {
      credentialSpec: Privileges.CredentialSpec && lowerKeys(Privileges.CredentialSpec),
      seLinuxContext: Privileges.SELinuxContext && lowerKeys(Privileges.SELinuxContext),
    },
  };
}

function mountOutput(mount: ServiceMount) {
  const { BindOptions, VolumeOptions, TmpfsOptions } = mount;
  return {
    type: mount.Type,
    target: mount.Target,
    source: mount.Source ?? "",
    readOnly: mount.ReadOnly ?? false,
    bindOptions: BindOptions && { propagation: BindOptions.Propagation },
    volumeOptions: VolumeOptions && volumeOptionsOutput(VolumeOptions),
    tmpfsOptions: TmpfsOptions && { sizeBytes: TmpfsOptions.SizeBytes ?? 0, mode: TmpfsOptions.Mode ?? 0 },
  };
}

function fileOutput(file: FileTarget | undefined) {
  if (!file) return {};
  return { fileName: file.Name, fileUid: file.UID ?? "0", fileGid: file.GID ?? "0", fileMode: file.Mode ?? 0 };
}

function splitAtEquals(pair: string): [string, string] {
  const [key = "", ...value] = pair.split("=");
  return [key, value.join("=")];
}

function lowerKeys<T>(value: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), inner]),
  );
}
