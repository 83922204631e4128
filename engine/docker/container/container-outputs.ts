import type Docker from "dockerode";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { textOf, textsOf } from "../../../lib/protocol/values.ts";
import { formatDuration } from "../../../lib/time/go-duration.ts";
import { isBlank } from "../common/fields.ts";
import { mountOutputs } from "./container-mounts.ts";
import { portOutputs } from "./container-ports.ts";
import { healthcheckOutput } from "./healthcheck.ts";

const megabyte = 1024 * 1024;

/** What the kernel gives to whom nothing else is said. */
export const defaultCpuShares = 1024;

/** Megabytes; Docker says 0 or -1 for no limit. */
const limit = (bytes: number | undefined): number => Math.trunc(Math.max(bytes ?? 0, 0) / megabyte);

/**
 * What Docker says of a container, under the names of the inputs. Environment and labels are left out, as the image
 * adds its own; so is what only the client uses, and what Docker merely derives from another input.
 * A container that stands still although it must run says `mustRun: false`, so that the next run starts it.
 */
export function containerOutputs(found: Docker.ContainerInspectInfo, known: PropertyMap): PropertyMap {
  const { Config, State } = found;
  const host = found.HostConfig as HostConfig;
  const isConfigured = (key: string) => !isBlank(known[key]);
  return {
    name: found.Name.replace(/^\//, ""),
    image: textOf(known.image)?.startsWith("sha256:") ? found.Image : Config.Image,
    ...(State.Running ? {} : { exitCode: State.ExitCode, ...(known.mustRun === true ? { mustRun: false } : {}) }),
    ...networkOutputs(found, isConfigured),
    hostname: Config.Hostname,
    domainname: Config.Domainname,
    command: Config.Cmd ?? [],
    entrypoints: [Config.Entrypoint ?? []].flat(),
    user: Config.User,
    workingDir: Config.WorkingDir,
    tty: Config.Tty,
    stdinOpen: Config.OpenStdin,
    stopSignal: (Config as { StopSignal?: string }).StopSignal ?? "",
    stopTimeout: (Config as { StopTimeout?: number }).StopTimeout ?? 0,
    ...healthOutputs(Config.Healthcheck),
    ...hostOutputs(host, known, isConfigured),
    ...limitOutputs(host, isConfigured),
    // Docker tells the system, not the processor.
    platform: textOf(known.platform)?.split("/")[0] === found.Platform ? (known.platform ?? "") : found.Platform,
  };
}

/** The parts of HostConfig that the types of dockerode leave out. */
type HostConfig = Docker.HostConfig & { Runtime?: string; IpcMode?: string; DeviceRequests?: Docker.DeviceRequest[] };

function networkOutputs(
  { NetworkSettings, State }: Docker.ContainerInspectInfo,
  isConfigured: (key: string) => boolean,
): PropertyMap {
  const networkDatas = Object.entries(NetworkSettings.Networks ?? {}).map(([networkName, network]) => ({
    networkName,
    ipAddress: network.IPAddress,
    ipPrefixLength: network.IPPrefixLen,
    gateway: network.Gateway,
    globalIpv6Address: network.GlobalIPv6Address,
    globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
    ipv6Gateway: network.IPv6Gateway,
    macAddress: network.MacAddress,
  }));
  return {
    bridge: (NetworkSettings as { Bridge?: string }).Bridge ?? "",
    networkDatas,
    // A container that stands still has no ports; that is no change of what was asked for.
    ...(State.Running && isConfigured("ports") ? { ports: portOutputs(NetworkSettings.Ports) } : {}),
  };
}

function hostOutputs(host: HostConfig, known: PropertyMap, isConfigured: (key: string) => boolean): PropertyMap {
  const added = host.CapAdd ?? [];
  const dropped = host.CapDrop ?? [];
  const askedFor = {
    logOpts: host.LogConfig?.Config ?? {},
    pidMode: host.PidMode ?? "",
    ulimits: (host.Ulimits ?? []).map(({ Name = "", Soft = 0, Hard = 0 }) => ({ name: Name, soft: Soft, hard: Hard })),
    devices: ((host.Devices ?? []) as Docker.DeviceMapping[]).map((device) => ({
      hostPath: device.PathOnHost,
      containerPath: device.PathInContainer === device.PathOnHost ? "" : device.PathInContainer,
      permissions: device.CgroupPermissions,
    })),
  };
  return {
    rm: host.AutoRemove ?? false,
    readOnly: host.ReadonlyRootfs ?? false,
    privileged: host.Privileged ?? false,
    publishAllPorts: host.PublishAllPorts ?? false,
    init: host.Init ?? false,
    restart: host.RestartPolicy?.Name || "no",
    maxRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    dns: host.Dns ?? [],
    dnsOpts: host.DnsOptions ?? [],
    dnsSearches: host.DnsSearch ?? [],
    groupAdds: host.GroupAdd ?? [],
    securityOpts: securityOptions(host, textsOf(known.securityOpts)),
    runtime: host.Runtime ?? "",
    ipcMode: host.IpcMode ?? "",
    networkMode: host.NetworkMode ?? "",
    usernsMode: host.UsernsMode ?? "",
    logDriver: host.LogConfig?.Type ?? "",
    mounts: mountOutputs(host.Mounts),
    tmpfs: host.Tmpfs ?? {},
    sysctls: host.Sysctls ?? {},
    storageOpts: host.StorageOpt ?? {},
    hosts: (host.ExtraHosts ?? []).map((entry: string) => {
      const [name = "", ...address] = entry.split(":");
      return { host: name, ip: address.join(":") };
    }),
    ...((added.length + dropped.length > 0 || isConfigured("capabilities")) && {
      capabilities: { adds: added, drops: dropped },
    }),
    ...Object.fromEntries(Object.entries(askedFor).filter(([key]) => isConfigured(key))),
  };
}

/** Docker adds an option to containers that are privileged or share the host's processes, and never saw one that clears lists. */
function securityOptions(host: HostConfig, wanted: string[]): string[] {
  const added = "label=disable";
  const cleared = "systempaths=unconfined";
  const told = ((host.SecurityOpt ?? []) as string[]).filter(
    (option) => option !== added || wanted.length === 0 || wanted.includes(added),
  );
  return wanted.includes(cleared) && host.MaskedPaths?.length === 0 ? [...told, cleared] : told;
}

function limitOutputs(host: HostConfig, isConfigured: (key: string) => boolean): PropertyMap {
  const swap = host.MemorySwap ?? 0;
  const rates = (devices: unknown) =>
    ((devices ?? []) as { Path: string; Rate: number }[]).map(({ Path, Rate }) => ({ path: Path, rate: Rate }));
  return {
    memory: limit(host.Memory),
    memoryReservation: limit(host.MemoryReservation),
    // Docker derives it from `memory`; shown, it would be a difference to inputs that do not name it.
    ...(isConfigured("memorySwap") ? { memorySwap: swap > 0 ? Math.trunc(swap / megabyte) : swap } : {}),
    shmSize: Math.trunc((host.ShmSize ?? 0) / megabyte),
    ...(host.NanoCpus ? { cpus: String(host.NanoCpus / 1e9) } : {}),
    cpuShares: host.CpuShares === defaultCpuShares && !isConfigured("cpuShares") ? 0 : (host.CpuShares ?? 0),
    cpuSet: host.CpusetCpus ?? "",
    ...(host.DeviceCgroupRules?.length ? { deviceCgroupRules: host.DeviceCgroupRules } : {}),
    deviceReadBps: rates(host.BlkioDeviceReadBps),
    deviceReadIops: rates(host.BlkioDeviceReadIOps),
    deviceWriteBps: rates(host.BlkioDeviceWriteBps),
    deviceWriteIops: rates(host.BlkioDeviceWriteIOps),
  };
}

function healthOutputs(check: Docker.HealthConfig | undefined): PropertyMap {
  if (!check) return {};
  return { healthcheck: { ...healthcheckOutput(check), startInterval: formatDuration(check.StartInterval) } };
}
