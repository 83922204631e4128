import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { joinedNetworks } from "../swarm/joined-networks.ts";
import { overlayNetwork } from "../swarm/overlay-network.ts";
import { rolledOutService } from "../swarm/rolled-out-service.ts";
import { swarmConfig, swarmSecret } from "../swarm/swarm-files.ts";
import { defaultsOf } from "./defaults-of.ts";
import { filledServiceArguments } from "./filled-arguments.ts";
import { HttpSecret } from "./http-secret.ts";
import type { RegistryDefaults } from "./registry-defaults.ts";
import { registryFiles } from "./registry-files.ts";
import type { RegistryServiceArgs } from "./registry-service-args.ts";
import { secretsFolder, serviceArguments } from "./service-arguments.ts";
import type { ServiceOptions } from "./service-options.ts";
import { serviceUser } from "./service-user.ts";

/**
 * A registry as a service of a Docker swarm. Its config.yml, certificate, key and users are swarm secrets, readable for its user alone
 * (0400), and nothing secret is in the service itself. What changes gets a secret of another name, which is made before
 * the service moves to it, task by task; the old one goes after. All replicas share one http.secret.
 *
 * Errors: the tasks' own, when they can't run (no such image, missing plugin, port in use); a failed update is rolled back.
 *
 * @example
 * ```ts
 * import { Registry } from "registry-kit";
 *
 * // A RegistryService with all of its defaults.
 * const registry = new Registry("registry", { hosts: ["registry.example.com"], service: {}, trust: "swarm" });
 * export const service = registry.serviceId;
 * ```
 */
export class RegistryService extends pulumi.ComponentResource {
  /** This registry, as soon as all of its resources are on their way. */
  readonly complete: Promise<RegistryService>;
  /** Which defaults its first run gave it. */
  readonly defaults: Promise<RegistryDefaults>;
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
    const { service: options } = args;
    this.defaults = defaultsOf(secret);
    const service =
      typeof options === "function"
        ? this.defaults.then((defaults) => runningService(name, args, options(defaults), secret.value, child))
        : runningService(name, args, options, secret.value, child);

    this.complete = Promise.resolve(service).then(() => this);
    this.serviceId = pulumi.output(service).id;
    this.serviceName = pulumi.output(service).name;
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

/** What is made for a user and a network: secrets and configs, the network, the service. */
function runningService(
  name: string,
  given: RegistryServiceArgs,
  options: ServiceOptions,
  httpSecret: pulumi.Output<string>,
  child: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): docker.Service {
  const args = filledServiceArguments(given, options);
  const secrets = registryFiles(args, httpSecret, secretsFolder).map(({ name: file, content }) =>
    swarmSecret(`${name}-${file}`, { service: args.name, file, content }, child),
  );
  const configs = Object.entries(options.files).map(([file, content]) =>
    swarmConfig(`${name}-file-${file}`, { service: args.name, file, content }, child),
  );
  const network = options.network && overlayNetwork(`${name}-network`, options.network, child);
  const networks = joinedNetworks(options.networkKey, network ? [network.id] : [], options.networks, {
    parent: child.parent,
  });
  const { user, dependsOn } = serviceUser(name, args, child);
  const service = serviceArguments(args, { user, secrets, configs, networks });
  const rollout = { dockerHost: args.dockerHost, timeout: options.timeout };
  return rolledOutService(name, service, rollout, pulumi.mergeOptions(child, { dependsOn }));
}
