import type Docker from "dockerode";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import { isTrue, mapOf, numberOf, objectOf, objectsOf, textOf, textsOf } from "../../../lib/protocol/values.ts";
import { filled, given } from "../common/given.ts";
import { mountsOf, volumesOf } from "./container-mounts.ts";
import { portsOf } from "./container-ports.ts";

/** The daemon counts bytes, the inputs megabytes; -1 (no limit for swap) stays. */
const megabytes = (value: PropertyValue | undefined): number | undefined => {
  const amount = numberOf(value);
  return amount === undefined || amount < 0 ? amount : amount * 1024 * 1024;
};

/** What of a container is the host's matter: resources, mounts, ports, networks, security. */
export function hostConfigOf(inputs: PropertyMap): Docker.HostConfig {
  const capabilities = objectOf(inputs.capabilities);
  const config = {
    Privileged: isTrue(inputs.privileged),
    PublishAllPorts: isTrue(inputs.publishAllPorts),
    RestartPolicy: restartPolicyOf(inputs),
    AutoRemove: isTrue(inputs.rm),
    ReadonlyRootfs: isTrue(inputs.readOnly),
    Init: isTrue(inputs.init),
    LogConfig: { Type: textOf(inputs.logDriver) ?? "", Config: mapOf(inputs.logOpts) },
    Runtime: textOf(inputs.runtime),
    NetworkMode: textOf(inputs.networkMode),
    PidMode: textOf(inputs.pidMode),
    IpcMode: textOf(inputs.ipcMode),
    UsernsMode: textOf(inputs.usernsMode),
    CgroupnsMode: textOf(inputs.cgroupnsMode),
    CgroupParent: textOf(inputs.cgroupParent),
    Mounts: mountsOf(inputs.mounts),
    Binds: volumesOf(inputs.volumes).binds,
    VolumesFrom: volumesOf(inputs.volumes).from,
    PortBindings: filled(portsOf(inputs.ports).bindings),
    Tmpfs: filled(mapOf(inputs.tmpfs)),
    ExtraHosts: objectsOf(inputs.hosts).map(({ host, ip }) => `${host}:${ip}`),
    Ulimits: objectsOf(inputs.ulimits).map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    CapAdd: filled(textsOf(capabilities?.adds)),
    CapDrop: filled(textsOf(capabilities?.drops)),
    ...securityOf(inputs.securityOpts),
    Dns: filled(textsOf(inputs.dns)),
    DnsOptions: filled(textsOf(inputs.dnsOpts)),
    DnsSearch: filled(textsOf(inputs.dnsSearches)),
    GroupAdd: filled(textsOf(inputs.groupAdds)),
    DeviceCgroupRules: filled(textsOf(inputs.deviceCgroupRules)),
    Sysctls: filled(mapOf(inputs.sysctls)),
    StorageOpt: filled(mapOf(inputs.storageOpts)),
    ShmSize: megabytes(inputs.shmSize),
    Devices: objectsOf(inputs.devices).map(({ hostPath, containerPath, permissions }) => ({
      PathOnHost: hostPath,
      PathInContainer: textOf(containerPath) || hostPath,
      CgroupPermissions: permissions,
    })),
    DeviceRequests: deviceRequestsOf(inputs),
    ...processorOf(inputs),
    ...resourcesOf(inputs),
  };
  return given(config) as Docker.HostConfig;
}

/** The limits that can also be changed while the container runs. */
export function resourcesOf(inputs: PropertyMap): Partial<Docker.HostConfig> {
  return given({
    CpuShares: numberOf(inputs.cpuShares),
    CpusetCpus: textOf(inputs.cpuSet),
    Memory: megabytes(inputs.memory),
    MemoryReservation: megabytes(inputs.memoryReservation),
    MemorySwap: megabytes(inputs.memorySwap),
    BlkioDeviceReadBps: ratesOf(inputs.deviceReadBps),
    BlkioDeviceReadIOps: ratesOf(inputs.deviceReadIops),
    BlkioDeviceWriteBps: ratesOf(inputs.deviceWriteBps),
    BlkioDeviceWriteIOps: ratesOf(inputs.deviceWriteIops),
  }) as Partial<Docker.HostConfig>;
}

export function restartPolicyOf(inputs: PropertyMap): Docker.HostRestartPolicy {
  return { Name: textOf(inputs.restart) ?? "no", MaximumRetryCount: numberOf(inputs.maxRetryCount) ?? 0 };
}

/** `cpus` wins over the pair of period and quota, which says the same. */
export function processorOf(inputs: PropertyMap): Partial<Docker.HostConfig> {
  const cpus = textOf(inputs.cpus);
  if (cpus) return { NanoCpus: Math.round(Number(cpus) * 1e9) };
  return given({ CpuPeriod: numberOf(inputs.cpuPeriod), CpuQuota: numberOf(inputs.cpuQuota) });
}

function ratesOf(value: PropertyValue | undefined) {
  return filled(objectsOf(value).map(({ path, rate }) => ({ Path: path, Rate: rate })));
}

/** `systempaths=unconfined` is no option of the daemon: the client clears two lists of paths in its place. */
function securityOf(value: PropertyValue | undefined) {
  const options = textsOf(value);
  const passed = options.filter((option) => option !== "systempaths=unconfined");
  return {
    SecurityOpt: filled(passed),
    ...(passed.length < options.length && { MaskedPaths: [], ReadonlyPaths: [] }),
  };
}

/** `gpus` is short for one request: "all", a number, or `device=<id>,<id>`. */
function deviceRequestsOf(inputs: PropertyMap) {
  const gpus = textOf(inputs.gpus)?.replaceAll(/["']/g, "").trim();
  if (gpus) {
    const [, ids] = /^device=(.*)$/.exec(gpus) ?? [];
    const which = ids === undefined ? { Count: gpus === "all" ? -1 : Number(gpus) } : { DeviceIDs: ids.split(",") };
    return [{ Capabilities: [["gpu"]], ...which }];
  }
  const requests = objectsOf(inputs.deviceRequests).map((request) => ({
    Driver: textOf(request.driver) ?? "",
    Count: numberOf(request.count) ?? 0,
    DeviceIDs: textsOf(request.deviceIds),
    Capabilities: [textsOf(request.capabilities)],
    Options: mapOf(request.options),
  }));
  return filled(requests);
}
