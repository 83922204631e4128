import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { unknownValue } from "../../../lib/protocol/property-value.ts";
import { image } from "./plugins.ts";

/** A resource and what may change in it; both plugins must plan the same, no matter which one wrote the state. */
export interface Subject {
  inputs: PropertyMap;
  changes: [what: string, change: PropertyMap][];
}

const labels = [
  { label: "b", value: "1" },
  { label: "a", value: "2" },
];

export const subjects: Record<string, Subject> = {
  Volume: {
    inputs: { labels, driverOpts: { type: "tmpfs", device: "tmpfs" } },
    changes: [
      ["nothing", {}],
      ["the order of labels", { labels: labels.toReversed() }],
      ["a label", { labels: [{ label: "a", value: "3" }] }],
      ["no labels", { labels: null }],
      ["the driver", { driver: "other" }],
      ["an option", { driverOpts: { type: "nfs" } }],
      ["an unknown option", { driverOpts: { type: unknownValue } }],
      ["the name", { name: "other" }],
    ],
  },
  Network: {
    inputs: {
      labels,
      ipamConfigs: [{ subnet: "10.214.7.0/24" }],
      options: { "com.docker.network.driver.mtu": "1400" },
    },
    changes: [
      ["nothing", {}],
      ["internal", { internal: true }],
      ["the range", { ipamConfigs: [{ subnet: "10.214.8.0/24" }] }],
      ["no range", { ipamConfigs: null }],
      ["an option", { options: { "com.docker.network.driver.mtu": "1300" } }],
      ["no options", { options: null }],
      ["the ipam driver", { ipamDriver: "other" }],
    ],
  },
  RemoteImage: {
    inputs: { name: image, keepLocally: true },
    changes: [
      ["nothing", {}],
      ["keepLocally", { keepLocally: null }],
      ["triggers", { triggers: { a: "b" } }],
      ["the platform", { platform: "linux/arm64" }],
      ["the name", { name: "other:1" }],
    ],
  },
  Container: {
    inputs: {
      image,
      envs: ["B=2", "A=1"],
      labels,
      ports: [{ internal: 5000, ip: "127.0.0.1" }, { internal: 5001 }],
      mounts: [
        { type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 1048576 } },
        {
          type: "bind",
          target: "/host",
          source: "/usr/share",
          readOnly: true,
          bindOptions: { propagation: "rprivate" },
        },
      ],
      volumes: [{ containerPath: "/anonymous" }],
      tmpfs: { "/tmp": "size=1m" },
      healthcheck: { tests: ["CMD", "true"], interval: "10s" },
      logOpts: { "max-size": "1m" },
      capabilities: { drops: ["CAP_MKNOD"] },
      securityOpts: ["no-new-privileges:true"],
      uploads: [{ file: "/tmp-file", content: "x", permissions: "0600" }],
      ulimits: [{ name: "nofile", soft: 1000, hard: 2000 }],
      hosts: [{ host: "registry.test", ip: "127.0.0.1" }],
      devices: [{ hostPath: "/dev/null", containerPath: "/dev/none" }],
      networksAdvanced: [{ name: "bridge" }],
      restart: "unless-stopped",
      user: "0:0",
      cpus: "0.5",
      stopTimeout: 2,
    },
    changes: [
      ["nothing", {}],
      ["the restart policy", { restart: "always" }],
      ["a limit", { cpuShares: 512 }],
      ["the health check", { healthcheck: { tests: ["CMD", "false"], interval: "10s" } }],
      ["no health check", { healthcheck: null }],
      ["the order of the environment", { envs: ["A=1", "B=2"] }],
      ["the environment", { envs: ["A=1"] }],
      ["no environment", { envs: null }],
      ["no labels", { labels: null }],
      ["a label", { labels: [{ label: "b", value: "2" }] }],
      [
        "a port",
        {
          ports: [
            { internal: 5001, external: 5001 },
            { internal: 5000, ip: "127.0.0.1" },
          ],
        },
      ],
      ["no ports", { ports: null }],
      ["a mount", { mounts: [{ type: "tmpfs", target: "/other" }] }],
      ["a volume", { volumes: [{ containerPath: "/other" }] }],
      ["tmpfs", { tmpfs: { "/tmp": "size=2m" } }],
      ["an upload", { uploads: [{ file: "/tmp-file", content: "y", permissions: "0600" }] }],
      ["the command", { command: ["serve"] }],
      ["a capability", { capabilities: { adds: ["CAP_NET_ADMIN"], drops: ["CAP_MKNOD"] } }],
      ["no capabilities", { capabilities: null }],
      ["a host", { hosts: null }],
      ["a network", { networksAdvanced: [{ name: "other" }] }],
      ["a device", { devices: null }],
      ["the user", { user: "1:1" }],
      ["no user", { user: "" }],
      ["read-only", { readOnly: true }],
      ["the log options", { logOpts: { "max-size": "2m" } }],
      ["waiting", { wait: true, waitTimeout: 5 }],
      ["destroyGraceSeconds", { destroyGraceSeconds: 3 }],
      ["the image", { image: "other:1" }],
      ["an unknown image", { image: unknownValue }],
      ["an unknown limit", { cpuShares: unknownValue }],
    ],
  },
};
