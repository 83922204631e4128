import type Docker from "dockerode";
import { pairsOf, toLabels } from "../../../lib/protocol/values.ts";
import { formatDuration } from "../../../lib/time/go-duration.ts";
import { mountOutputs } from "../container/container-mounts.ts";
import { healthcheckOutput } from "../container/healthcheck.ts";
import type { ContainerSpec } from "./docker-service.ts";

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
    env: spec.Env && pairsOf(spec.Env),
    user: spec.User ?? "",
    dir: spec.Dir ?? "",
    groups: spec.Groups,
    readOnly: spec.ReadOnly ?? false,
    mounts: mountOutputs(spec.Mounts),
    stopSignal: spec.StopSignal ?? "",
    stopGracePeriod: grace === undefined ? undefined : formatDuration(grace),
    healthcheck: Healthcheck && healthcheckOutput(Healthcheck),
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

function fileOutput(file: Docker.SecretReference["File"]) {
  if (!file) return {};
  return { fileName: file.Name, fileUid: file.UID ?? "0", fileGid: file.GID ?? "0", fileMode: file.Mode ?? 0 };
}

function lowerKeys<T>(value: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), inner]),
  );
}
