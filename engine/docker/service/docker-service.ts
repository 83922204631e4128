import type { VolumeOptions } from "../container/container-mounts.ts";

/** What the daemon says of a service, as far as it is read here; the types of dockerode say little of it. */
export interface DockerService {
  ID: string;
  Version: { Index: number };
  CreatedAt: string;
  Spec: {
    Name: string;
    Labels?: Record<string, string>;
    TaskTemplate: TaskTemplate;
    Mode: { Replicated?: { Replicas?: number }; Global?: object };
    UpdateConfig?: Rollout;
    RollbackConfig?: Rollout;
    EndpointSpec?: Endpoint;
  };
  Endpoint?: { Spec?: Endpoint; Ports?: Port[] };
  UpdateStatus?: { State: string; StartedAt?: string; CompletedAt?: string; Message?: string };
}

export interface Rollout {
  Parallelism?: number;
  Delay?: number;
  FailureAction?: string;
  Monitor?: number;
  MaxFailureRatio?: number;
  Order?: string;
}

export interface Endpoint {
  Mode?: string;
  Ports?: Port[];
}

export interface Port {
  Name?: string;
  Protocol?: string;
  TargetPort: number;
  PublishedPort?: number;
  PublishMode?: string;
}

export interface TaskTemplate {
  ContainerSpec?: ContainerSpec;
  Resources?: { Limits?: Amounts; Reservations?: Amounts & { GenericResources?: GenericResource[] } };
  RestartPolicy?: { Condition?: string; Delay?: number; MaxAttempts?: number; Window?: number };
  Placement?: {
    Constraints?: string[];
    Preferences?: { Spread?: { SpreadDescriptor?: string } }[];
    Platforms?: { Architecture?: string; OS?: string }[];
    MaxReplicas?: number;
  };
  ForceUpdate?: number;
  Runtime?: string;
  Networks?: { Target: string; Aliases?: string[]; DriverOpts?: Record<string, string> }[];
  LogDriver?: { Name?: string; Options?: Record<string, string> };
}

interface Amounts {
  NanoCPUs?: number;
  MemoryBytes?: number;
}

interface GenericResource {
  NamedResourceSpec?: { Kind: string; Value: string };
  DiscreteResourceSpec?: { Kind: string; Value: number };
}

export interface ContainerSpec {
  Image: string;
  Labels?: Record<string, string>;
  Command?: string[];
  Args?: string[];
  Hostname?: string;
  Env?: string[];
  Dir?: string;
  User?: string;
  Groups?: string[];
  Privileges?: { CredentialSpec?: Record<string, string>; SELinuxContext?: Record<string, string | boolean> };
  ReadOnly?: boolean;
  Mounts?: ServiceMount[];
  StopSignal?: string;
  StopGracePeriod?: number;
  Healthcheck?: { Test?: string[]; Interval?: number; Timeout?: number; StartPeriod?: number; Retries?: number };
  Hosts?: string[];
  DNSConfig?: { Nameservers?: string[]; Search?: string[]; Options?: string[] };
  Secrets?: { SecretID: string; SecretName?: string; File?: FileTarget }[];
  Configs?: { ConfigID: string; ConfigName?: string; File?: FileTarget }[];
  Isolation?: string;
  Sysctls?: Record<string, string>;
  CapabilityAdd?: string[];
  CapabilityDrop?: string[];
  Init?: boolean;
}

export interface FileTarget {
  Name: string;
  UID?: string;
  GID?: string;
  Mode?: number;
}

export interface ServiceMount {
  Type: string;
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  BindOptions?: { Propagation?: string };
  VolumeOptions?: VolumeOptions;
  TmpfsOptions?: { SizeBytes?: number; Mode?: number };
}

/** A task as the daemon lists it. */
export interface DockerTask {
  ID: string;
  ServiceID: string;
  CreatedAt: string;
  /** Of the node that it was given to. */
  NodeID?: string;
  Slot?: number;
  DesiredState: string;
  Spec: TaskTemplate;
  Status: {
    State: string;
    Err?: string;
    Timestamp?: string;
    ContainerStatus?: { ContainerID?: string };
  };
}
