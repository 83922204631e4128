import { expect } from "vitest";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";

/** Inputs of one object, and what Docker's inspection of it must say then: each of the inputs has its part in it. */
export interface Honoured {
  given: PropertyMap;
  told: object;
}

/** Names of what the objects use. */
export interface Around {
  image: string;
  network: string;
  volume: string;
  container: string;
}

const labels = [{ label: "org.example.a", value: "1" }];
const Labels = { "org.example.a": "1" };
const seconds = (amount: number) => amount * 1e9;
const megabytes = (amount: number) => amount * 1024 * 1024;

/** Two containers hold all inputs that an old daemon has: some exclude each other. They are never started. */
export function honouredContainers({ image, network, volume, container }: Around): Honoured[] {
  return [
    {
      given: {
        image,
        name: `${container}-a`,
        capabilities: { adds: ["NET_ADMIN"], drops: ["CHOWN"] },
        cgroupParent: "/example",
        cgroupnsMode: "private",
        command: ["serve", "/etc/x.yml"],
        cpuPeriod: 50000,
        cpuQuota: 25000,
        cpuSet: "0",
        cpuShares: 300,
        deviceCgroupRules: ["c 42:* rmw"],
        devices: [{ hostPath: "/dev/null", containerPath: "/dev/void", permissions: "r" }],
        deviceReadBps: [{ path: "/dev/null", rate: 1001 }],
        deviceReadIops: [{ path: "/dev/null", rate: 1002 }],
        deviceWriteBps: [{ path: "/dev/null", rate: 1003 }],
        deviceWriteIops: [{ path: "/dev/null", rate: 1004 }],
        dns: ["192.0.2.53"],
        dnsOpts: ["ndots:3"],
        dnsSearches: ["example.org"],
        domainname: "example.net",
        entrypoints: ["/bin/true"],
        envs: ["A=1"],
        groupAdds: ["1234"],
        healthcheck: { tests: ["CMD", "true"], interval: "11s", timeout: "12s", startPeriod: "13s", retries: 4 },
        hostname: "inner",
        hosts: [{ host: "other", ip: "192.0.2.7" }],
        init: true,
        ipcMode: "private",
        labels,
        logDriver: "json-file",
        logOpts: { "max-size": "1m" },
        maxRetryCount: 5,
        memory: 64,
        memoryReservation: 32,
        memorySwap: 96,
        mounts: [
          { type: "bind", source: "/tmp", target: "/bound", readOnly: true, bindOptions: { propagation: "rslave" } },
          { type: "tmpfs", target: "/fast", tmpfsOptions: { sizeBytes: 1048576, mode: 0o700 } },
          {
            type: "volume",
            source: volume,
            target: "/kept",
            volumeOptions: {
              noCopy: true,
              labels,
              driverName: "local",
              driverOptions: { type: "tmpfs", device: "tmpfs" },
            },
          },
        ],
        networksAdvanced: [
          {
            name: network,
            aliases: ["alias"],
            ipv4Address: "10.212.0.9",
            ipv6Address: "fd00:212::9",
            linkLocalIps: ["169.254.3.4"],
            driverOpts: ["org.example.option=1"],
          },
        ],
        pidMode: "host",
        platform: "linux/amd64",
        ports: [{ internal: 5000, external: 21790, ip: "127.0.0.1", protocol: "udp" }],
        publishAllPorts: true,
        readOnly: true,
        restart: "on-failure",
        runtime: "runc",
        securityOpts: ["no-new-privileges"],
        shmSize: 32,
        stdinOpen: true,
        stopSignal: "SIGINT",
        stopTimeout: 7,
        sysctls: { "net.ipv4.ip_forward": "0" },
        tmpfs: { "/run": "rw" },
        tty: true,
        ulimits: [{ name: "nofile", soft: 100, hard: 200 }],
        user: "1000",
        volumes: [
          { containerPath: "/v", volumeName: volume, readOnly: true },
          { containerPath: "/h", hostPath: "/tmp", selinuxRelabel: "z" },
        ],
        workingDir: "/work",
      },
      told: {
        Name: `/${container}-a`,
        Platform: "linux",
        Config: {
          Image: image,
          Cmd: ["serve", "/etc/x.yml"],
          Domainname: "example.net",
          Entrypoint: ["/bin/true"],
          Env: expect.arrayContaining(["A=1"]),
          Hostname: "inner",
          Labels,
          OpenStdin: true,
          StopSignal: "SIGINT",
          StopTimeout: 7,
          Tty: true,
          User: "1000",
          WorkingDir: "/work",
          Healthcheck: {
            Test: ["CMD", "true"],
            Interval: seconds(11),
            Timeout: seconds(12),
            StartPeriod: seconds(13),
            Retries: 4,
          },
        },
        HostConfig: {
          CapAdd: [expect.stringMatching(/^(CAP_)?NET_ADMIN$/)],
          CapDrop: [expect.stringMatching(/^(CAP_)?CHOWN$/)],
          CgroupParent: "/example",
          CgroupnsMode: "private",
          CpuPeriod: 50000,
          CpuQuota: 25000,
          CpusetCpus: "0",
          CpuShares: 300,
          DeviceCgroupRules: ["c 42:* rmw"],
          Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/void", CgroupPermissions: "r" }],
          BlkioDeviceReadBps: [{ Path: "/dev/null", Rate: 1001 }],
          BlkioDeviceReadIOps: [{ Path: "/dev/null", Rate: 1002 }],
          BlkioDeviceWriteBps: [{ Path: "/dev/null", Rate: 1003 }],
          BlkioDeviceWriteIOps: [{ Path: "/dev/null", Rate: 1004 }],
          Dns: ["192.0.2.53"],
          DnsOptions: ["ndots:3"],
          DnsSearch: ["example.org"],
          GroupAdd: ["1234"],
          ExtraHosts: ["other:192.0.2.7"],
          Init: true,
          IpcMode: "private",
          LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
          RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 },
          Memory: megabytes(64),
          MemoryReservation: megabytes(32),
          MemorySwap: megabytes(96),
          Mounts: [
            { Type: "bind", Source: "/tmp", Target: "/bound", ReadOnly: true, BindOptions: { Propagation: "rslave" } },
            { Type: "tmpfs", Target: "/fast", TmpfsOptions: { SizeBytes: 1048576, Mode: 0o700 } },
            {
              Type: "volume",
              Source: volume,
              Target: "/kept",
              VolumeOptions: {
                NoCopy: true,
                Labels,
                DriverConfig: { Name: "local", Options: { type: "tmpfs", device: "tmpfs" } },
              },
            },
          ],
          PidMode: "host",
          PortBindings: { "5000/udp": [{ HostIp: "127.0.0.1", HostPort: "21790" }] },
          PublishAllPorts: true,
          ReadonlyRootfs: true,
          Runtime: "runc",
          SecurityOpt: expect.arrayContaining(["no-new-privileges"]),
          ShmSize: megabytes(32),
          Sysctls: { "net.ipv4.ip_forward": "0" },
          Tmpfs: { "/run": "rw" },
          Ulimits: [{ Name: "nofile", Soft: 100, Hard: 200 }],
          Binds: [`${volume}:/v:ro`, "/tmp:/h:rw,z"],
        },
        NetworkSettings: {
          Networks: {
            [network]: {
              Aliases: expect.arrayContaining(["alias"]),
              IPAMConfig: {
                IPv4Address: "10.212.0.9",
                IPv6Address: "fd00:212::9",
                LinkLocalIPs: ["169.254.3.4"],
              },
              DriverOpts: { "org.example.option": "1" },
            },
          },
        },
      },
    },
    {
      given: {
        image,
        cpus: "0.5",
        deviceRequests: [
          { driver: "example", count: 2, deviceIds: [], capabilities: ["gpu", "utility"], options: { a: "b" } },
        ],
        networkMode: "none",
        privileged: true,
        rm: true,
        usernsMode: "host",
        volumes: [{ fromContainer: `${container}-base` }],
      },
      told: {
        HostConfig: {
          AutoRemove: true,
          NanoCpus: 5e8,
          DeviceRequests: [{ Driver: "example", Count: 2, Capabilities: [["gpu", "utility"]], Options: { a: "b" } }],
          NetworkMode: "none",
          Privileged: true,
          UsernsMode: "host",
          VolumesFrom: [`${container}-base`],
        },
      },
    },
    {
      given: { image, gpus: "device=a,b", securityOpts: ["systempaths=unconfined"] },
      told: {
        HostConfig: {
          MaskedPaths: [],
          ReadonlyPaths: [],
          DeviceRequests: [{ DeviceIDs: ["a", "b"], Capabilities: [["gpu"]] }],
        },
      },
    },
  ];
}

export function honouredNetwork(name: string): Honoured {
  return {
    given: {
      name,
      attachable: true,
      driver: "bridge",
      internal: true,
      ipamConfigs: [
        {
          subnet: "10.213.0.0/24",
          gateway: "10.213.0.254",
          ipRange: "10.213.0.64/26",
          auxAddress: { printer: "10.213.0.65" },
        },
        { subnet: "fd00:213::/64" },
      ],
      ipamDriver: "default",
      ipamOptions: { a: "b" },
      ipv6: true,
      labels,
      options: { "com.docker.network.bridge.enable_icc": "false" },
    },
    told: {
      Name: name,
      Driver: "bridge",
      Attachable: true,
      Internal: true,
      EnableIPv6: true,
      Labels,
      Options: { "com.docker.network.bridge.enable_icc": "false" },
      IPAM: {
        Driver: "default",
        Options: { a: "b" },
        Config: expect.arrayContaining([
          expect.objectContaining({
            Subnet: "10.213.0.0/24",
            Gateway: "10.213.0.254",
            IPRange: "10.213.0.64/26",
            AuxiliaryAddresses: { printer: "10.213.0.65" },
          }),
        ]),
      },
    },
  };
}

export function honouredVolume(name: string): Honoured {
  const driverOpts = { type: "tmpfs", device: "tmpfs", o: "size=1m" };
  return {
    given: { name, driver: "local", driverOpts, labels },
    told: { Name: name, Driver: "local", Options: driverOpts, Labels },
  };
}

/** The leaves of inputs, as the tables of fields name them: lists without an index, maps as one. */
export function leavesOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.length > 0 ? value.flatMap((item) => leavesOf(item, path)) : [path];
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path ? `${path}.${key}` : key));
  return path ? [path, ...below] : below;
}
