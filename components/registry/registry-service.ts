import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../docker-host/docker-host.ts";
import { overlayNetwork } from "../swarm/overlay-network.ts";
import { rolledOutService } from "../swarm/rolled-out-service.ts";
import { swarmConfig, swarmSecret } from "../swarm/swarm-files.ts";
import type { RegistryOptions } from "./configuration/registry-options.ts";
import { HttpSecret } from "./http-secret.ts";
import type { OutgoingProxy } from "./proxy-variables.ts";
import { registryFiles } from "./registry-files.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import type { ServerFiles } from "./server-files.ts";
import { secretsFolder, serviceArguments } from "./service-arguments.ts";
import type { ServiceOptions } from "./service-options.ts";

export interface RegistryServiceArgs {
  /** Name of the service; its secrets and configs begin with it. A change replaces all of them. */
  name: string;
  /** A manager of the swarm. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Image with its version, and the digest where it is known; nodes pull it, or use the one that they have. A change is a rolling update. */
  image: { name: string; digest?: string | undefined };
  /** Published port. A change is a rolling update. */
  port: number;
  /** Server certificate with its chain, and its key. A change is a rolling update. Absent: plain HTTP. */
  tls?: ServerFiles | undefined;
  /** Users and their bcrypt hashes. A change is a rolling update. Absent: anyone may push and pull. */
  htpasswd?: pulumi.Input<string> | undefined;
  /** Where images live. A volume is made on each node that gets a task, and never removed. Several replicas need `objects`. */
  storage: RegistryStorage;
  /** Id of the one node that may run the registry, for a volume that other nodes don't share. Default: the constraints decide. */
  node?: pulumi.Input<string> | undefined;
  /** The registry's own configuration. A change is a rolling update. */
  options: RegistryOptions;
  /** Through which other servers are reached: stores and web hooks. A change is a rolling update. Default: none. */
  proxy?: OutgoingProxy | undefined;
  /** Raise it to make a new http.secret. Default: 1. */
  httpSecretGeneration?: number;
  /** How the service runs. */
  service: ServiceOptions;
}

/**
 * A registry as a service of a Docker swarm. Its config.yml, certificate, key and users are swarm secrets, readable for its user alone
 * (0400), and nothing secret is in the service itself. What changes gets a secret of another name, which is made before
 * the service moves to it, task by task; the old one goes after. All replicas share one http.secret.
 *
 * Errors: the tasks' own, when they can't run (no such image, missing plugin, port in use); a failed update is rolled back.
 */
export class RegistryService extends pulumi.ComponentResource {
  readonly serviceId: pulumi.Output<string>;
  readonly serviceName: pulumi.Output<string>;
  /** Name of the volume that holds the images, on the nodes that ran a task; undefined with other storage. */
  readonly volume: pulumi.Output<string> | undefined;
  /** Signs the state of uploads; secret. */
  readonly httpSecret: pulumi.Output<string>;

  constructor(name: string, args: RegistryServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("registry-kit:index:RegistryService", name, {}, opts);
    // What a component depends on is not what its children depend on, and these need the swarm.
    const child = { parent: this, ...(opts?.dependsOn ? { dependsOn: opts.dependsOn } : {}) };

    const secret = new HttpSecret(`${name}-http-secret`, { generation: args.httpSecretGeneration ?? 1 }, child);
    const secrets = registryFiles(args, secret.value, secretsFolder).map(({ name: file, content }) =>
      swarmSecret(`${name}-${file}`, { service: args.name, file, content }, child),
    );
    const configs = Object.entries(args.service.files).map(([file, content]) =>
      swarmConfig(`${name}-file-${file}`, { service: args.name, file, content }, child),
    );
    const network = args.service.network && overlayNetwork(`${name}-network`, args.service.network, child);
    const given = serviceArguments(args, { secrets, configs, network: network?.id });
    const rollout = { dockerHost: args.dockerHost, timeout: args.service.timeout };
    const service = rolledOutService(name, given, rollout, child);

    this.serviceId = service.id;
    this.serviceName = service.name;
    this.volume = "volume" in args.storage ? pulumi.output(args.storage.volume.name) : undefined;
    this.httpSecret = secret.value;
    this.registerOutputs({
      serviceId: this.serviceId,
      serviceName: this.serviceName,
      volume: this.volume,
      httpSecret: this.httpSecret,
    });
  }
}
