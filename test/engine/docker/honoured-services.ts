import { expect } from "vitest";
import type { Honoured } from "./honoured-inputs.ts";

/** What a service uses of the swarm: ids and names. */
export interface ServiceAround {
  image: string;
  name: string;
  network: string;
  secret: { id: string; name: string };
  config: { id: string; name: string };
}

const labels = [{ label: "org.example.a", value: "1" }];
const Labels = { "org.example.a": "1" };
const seconds = (amount: number) => amount * 1e9;

const rollout = (more: object = {}) => ({
  delay: "3s",
  failureAction: "continue",
  maxFailureRatio: "0.25",
  monitor: "9s",
  order: "start-first",
  parallelism: 4,
  ...more,
});
const Rollout = {
  Delay: seconds(3),
  FailureAction: "continue",
  MaxFailureRatio: 0.25,
  Monitor: seconds(9),
  Order: "start-first",
  Parallelism: 4,
};

/** Services without a single task hold all inputs, so that nothing of what they name has to work. */
export function honouredServices({ image, name, network, secret, config }: ServiceAround): Honoured[] {
  const file = { fileName: "/f", fileUid: "11", fileGid: "12", fileMode: 0o400 };
  const File = { Name: "/f", UID: "11", GID: "12", Mode: 0o400 };
  return [
    {
      given: {
        name,
        labels,
        endpointSpec: {
          mode: "vip",
          ports: [{ name: "p", protocol: "udp", publishMode: "ingress", publishedPort: 21791, targetPort: 53 }],
        },
        mode: { replicated: { replicas: 0 } },
        rollbackConfig: rollout(),
        updateConfig: rollout(),
        taskSpec: {
          containerSpec: {
            image,
            args: ["a"],
            capAdds: ["CAP_NET_ADMIN"],
            capDrops: ["CAP_CHOWN"],
            commands: ["/bin/x"],
            configs: [{ configId: config.id, configName: config.name, ...file }],
            dir: "/work",
            dnsConfig: { nameservers: ["192.0.2.53"], options: ["ndots:3"], searches: ["example.org"] },
            env: { A: "1" },
            groups: ["12"],
            healthcheck: { tests: ["CMD", "true"], interval: "11s", timeout: "12s", startPeriod: "13s", retries: 4 },
            hostname: "inner",
            hosts: [{ host: "other", ip: "192.0.2.7" }],
            init: true,
            isolation: "default",
            labels,
            mounts: [
              {
                type: "bind",
                source: "/tmp",
                target: "/bound",
                readOnly: true,
                bindOptions: { propagation: "rslave" },
              },
              { type: "tmpfs", target: "/fast", tmpfsOptions: { sizeBytes: 1048576, mode: 0o700 } },
              {
                type: "volume",
                source: "v",
                target: "/kept",
                volumeOptions: { noCopy: true, labels, driverName: "local", driverOptions: { type: "tmpfs" } },
              },
            ],
            privileges: { seLinuxContext: { disable: true, level: "l", role: "r", type: "t", user: "u" } },
            readOnly: true,
            secrets: [{ secretId: secret.id, secretName: secret.name, ...file }],
            stopGracePeriod: "8s",
            stopSignal: "SIGINT",
            sysctl: { "net.ipv4.ip_forward": "0" },
            user: "1000",
          },
          forceUpdate: 3,
          logDriver: { name: "json-file", options: { "max-size": "1m" } },
          networksAdvanceds: [{ id: network, aliases: ["alias"], driverOpts: ["org.example.option=1"] }],
          placement: {
            constraints: ["node.role==manager"],
            maxReplicas: 2,
            platforms: [{ architecture: "amd64", os: "linux" }],
            prefs: ["node.labels.rack"],
          },
          resources: {
            limits: { memoryBytes: 67108864, nanoCpus: 500000000 },
            reservation: {
              genericResources: { discreteResourcesSpecs: ["ssd=3"], namedResourcesSpecs: ["gpu=id1"] },
              memoryBytes: 33554432,
              nanoCpus: 250000000,
            },
          },
          restartPolicy: { condition: "on-failure", delay: "4s", maxAttempts: 5, window: "6s" },
          runtime: "container",
        },
      },
      told: {
        Name: name,
        Labels,
        EndpointSpec: {
          Mode: "vip",
          Ports: [{ Name: "p", Protocol: "udp", PublishMode: "ingress", PublishedPort: 21791, TargetPort: 53 }],
        },
        Mode: { Replicated: { Replicas: 0 } },
        RollbackConfig: Rollout,
        UpdateConfig: Rollout,
        TaskTemplate: {
          ContainerSpec: {
            Image: expect.stringContaining(image.split(":")[0] ?? image),
            Args: ["a"],
            CapabilityAdd: ["CAP_NET_ADMIN"],
            CapabilityDrop: ["CAP_CHOWN"],
            Command: ["/bin/x"],
            Configs: [{ ConfigID: config.id, ConfigName: config.name, File }],
            Dir: "/work",
            DNSConfig: { Nameservers: ["192.0.2.53"], Options: ["ndots:3"], Search: ["example.org"] },
            Env: ["A=1"],
            Groups: ["12"],
            Healthcheck: {
              Test: ["CMD", "true"],
              Interval: seconds(11),
              Timeout: seconds(12),
              StartPeriod: seconds(13),
              Retries: 4,
            },
            Hostname: "inner",
            Hosts: ["192.0.2.7 other"],
            Init: true,
            Isolation: "default",
            Labels,
            Mounts: [
              {
                Type: "bind",
                Source: "/tmp",
                Target: "/bound",
                ReadOnly: true,
                BindOptions: { Propagation: "rslave" },
              },
              { Type: "tmpfs", Target: "/fast", TmpfsOptions: { SizeBytes: 1048576, Mode: 0o700 } },
              {
                Type: "volume",
                Source: "v",
                Target: "/kept",
                VolumeOptions: { NoCopy: true, Labels, DriverConfig: { Name: "local", Options: { type: "tmpfs" } } },
              },
            ],
            Privileges: { SELinuxContext: { Disable: true, Level: "l", Role: "r", Type: "t", User: "u" } },
            ReadOnly: true,
            Secrets: [{ SecretID: secret.id, SecretName: secret.name, File }],
            StopGracePeriod: seconds(8),
            StopSignal: "SIGINT",
            Sysctls: { "net.ipv4.ip_forward": "0" },
            User: "1000",
          },
          ForceUpdate: 3,
          LogDriver: { Name: "json-file", Options: { "max-size": "1m" } },
          Networks: [{ Target: network, Aliases: ["alias"], DriverOpts: { "org.example.option": "1" } }],
          Placement: {
            Constraints: ["node.role==manager"],
            MaxReplicas: 2,
            Platforms: [{ Architecture: "amd64", OS: "linux" }],
            Preferences: [{ Spread: { SpreadDescriptor: "node.labels.rack" } }],
          },
          Resources: {
            Limits: { MemoryBytes: 67108864, NanoCPUs: 500000000 },
            Reservations: {
              GenericResources: [
                { NamedResourceSpec: { Kind: "gpu", Value: "id1" } },
                { DiscreteResourceSpec: { Kind: "ssd", Value: 3 } },
              ],
              MemoryBytes: 33554432,
              NanoCPUs: 250000000,
            },
          },
          RestartPolicy: { Condition: "on-failure", Delay: seconds(4), MaxAttempts: 5, Window: seconds(6) },
          Runtime: "container",
        },
      },
    },
    {
      // No node is named so: a global service without a task.
      given: {
        mode: { global: true },
        taskSpec: {
          containerSpec: { image, privileges: { credentialSpec: { file: "spec.json" } } },
          networksAdvanceds: [{ name: network }],
          placement: { constraints: ["node.hostname==nowhere"] },
        },
      },
      told: {
        Mode: { Global: {} },
        TaskTemplate: {
          ContainerSpec: { Privileges: { CredentialSpec: { File: "spec.json" } } },
          Networks: [{ Target: network }],
        },
      },
    },
    {
      given: {
        mode: { replicated: { replicas: 0 } },
        taskSpec: { containerSpec: { image, privileges: { credentialSpec: { registry: "spec" } } } },
      },
      told: { TaskTemplate: { ContainerSpec: { Privileges: { CredentialSpec: { Registry: "spec" } } } } },
    },
  ];
}
