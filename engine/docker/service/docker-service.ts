import type Docker from "dockerode";

/** What the daemon says of a service, as far as it is read here. dockerode's types leave open what is always there. */
export interface DockerService {
  ID: string;
  Version: { Index: number };
  CreatedAt: string;
  Spec: {
    Name: string;
    Labels?: Record<string, string>;
    TaskTemplate: TaskTemplate;
    Mode: Docker.ServiceMode;
    UpdateConfig?: Docker.UpdateConfig;
    RollbackConfig?: Docker.UpdateConfig;
    EndpointSpec?: Docker.EndpointSpec;
  };
  Endpoint?: Docker.Endpoint;
  UpdateStatus?: { State: string; StartedAt?: string; CompletedAt?: string; Message?: string };
}

export interface TaskTemplate extends Docker.TaskSpecBase {
  ContainerSpec?: ContainerSpec;
}

/** dockerode spells the health check otherwise than Docker. */
export interface ContainerSpec extends Docker.ContainerSpec {
  Healthcheck?: Docker.HealthConfig;
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
    ContainerStatus?: { ContainerID?: string; ExitCode?: number };
  };
}
