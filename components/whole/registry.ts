import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { parsedInput } from "../parsed-input.ts";
import { registryOptions } from "../registry/configuration/registry-options.ts";
import { containerInputs } from "../registry/container-inputs.ts";
import { defaultImage, imageReference } from "../registry/image.ts";
import { proxyInputs } from "../registry/proxy-inputs.ts";
import { RegistryContainer } from "../registry/registry-container.ts";
import type { RegistryService } from "../registry/registry-service.ts";
import type { RegistryStorage } from "../registry/registry-storage.ts";
import { runsAs } from "../registry/runs-as.ts";
import type { ServerFiles } from "../registry/server-files.ts";
import { serviceInputs } from "../registry/service-inputs.ts";
import { SwarmTrust } from "../trust/swarm-trust.ts";
import { Htpasswd } from "../users/htpasswd.ts";
import { addressFor } from "./address-for.ts";
import { issuedCertificates } from "./certificates.ts";
import { checkRegistry } from "./check-registry.ts";
import { ownNetwork } from "./own-network.ts";
import type { GivenTls, RegistryArgs } from "./registry-args.ts";
import { registryPlace, registryUrl } from "./registry-place.ts";
import { runService } from "./run-service.ts";
import { stackIdentity, trustOnNode } from "./trust-on-node.ts";

/** Who makes the parts of a registry. */
interface Makers {
  custom: pulumi.CustomResourceOptions;
  docker: pulumi.CustomResourceOptions;
  component: pulumi.ComponentResourceOptions;
}

/** What the parts of a registry have in common. */
interface Common {
  name: pulumi.Input<string>;
  port: pulumi.Input<number>;
  tls: ServerFiles | undefined;
  htpasswd: pulumi.Input<string> | undefined;
  storage: RegistryStorage;
}

/**
 * A whole private registry: a certificate authority of its own and a server certificate, users with generated passwords, the registry
 * in a hardened container, and the trust of this machine's Docker daemon. Each part can be another one, or yours.
 *
 * Errors: an `InputPropertiesError` with every problem of its properties, before anything is made; then those of its parts.
 *
 * @example
 * ```ts
 * import { Registry } from "registry-kit";
 *
 * const registry = new Registry("registry", { hosts: ["registry.example.com"] });
 * export const url = registry.url;
 * export const passwords = registry.passwords;
 * ```
 */
export class Registry extends pulumi.ComponentResource {
  /** Where clients reach it: scheme, first host, port. */
  readonly url: pulumi.Output<string>;
  /** The published port. */
  readonly port: pulumi.Output<number>;
  /** Names of the users, sorted; empty where everyone may push and pull, and with `htpasswd`. */
  readonly userNames: pulumi.Output<string[]>;
  /** Passwords by user name, given and generated ones; a user given by hash has none here. Secret. */
  readonly passwords: pulumi.Output<Record<string, string>>;
  /** What clients have to trust, PEM; undefined without TLS. */
  readonly caCertificate: pulumi.Output<string | undefined>;
  /** When the server certificate ends, ISO 8601; undefined where that is not known. */
  readonly certificateExpires: pulumi.Output<string | undefined>;
  /** Name of the volume with the images; undefined with other storage. */
  readonly volume: pulumi.Output<string | undefined>;
  /** Id of the container; undefined with `service`. */
  readonly containerId: pulumi.Output<string | undefined>;
  /** Id of the service; undefined without `service`. */
  readonly serviceId: pulumi.Output<string | undefined>;
  /** What to type on a client. */
  readonly dockerLogin: pulumi.Output<string>;
  /** This registry, as soon as all of its resources are on their way. */
  readonly complete: Promise<Registry>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    // Before anything is registered.
    checkRegistry(args);
    super("registry-kit:index:Registry", name, {}, opts);
    const makers = makersOf(name, this, args);
    const hosts = pulumi.output(args.hosts);
    const port = pulumi.output(args.port ?? 5000);
    const isSecure = args.tls !== "none";

    const tls = tlsOf(name, args, makers.custom);
    const users = usersOf(name, args, makers.custom);
    const made = run(name, args, makers, {
      name: args.name ?? name,
      port: args.port ?? 5000,
      tls,
      htpasswd: users?.htpasswd ?? args.htpasswd,
      storage: args.storage ?? { volume: { name: `${name}-data`, keep: true } },
    });
    trust(name, args, made, tls?.authorityCertificatePem, makers.custom);

    const place = pulumi.all([hosts, port]);
    this.url = place.apply(([[host = ""], port]) => registryUrl(host, port, isSecure));
    this.port = port;
    this.userNames = users?.userNames ?? pulumi.output<string[]>([]);
    this.passwords = pulumi.secret(users?.passwords ?? {});
    this.caCertificate = pulumi.output(tls?.authorityCertificatePem);
    this.certificateExpires = pulumi.output(tls?.notAfter);
    this.volume = pulumi.output(made.volume);
    this.containerId = pulumi.output("containerId" in made ? made.containerId : undefined);
    this.serviceId = pulumi.output("serviceId" in made ? made.serviceId : undefined);
    this.dockerLogin = place.apply(([[host = ""], port]) => `docker login ${registryPlace(host, port, isSecure)}`);
    this.complete = made.complete.then(() => this);
    const { url, userNames, passwords, caCertificate, certificateExpires, volume, containerId, serviceId } = this;
    const about = { url, port, userNames, passwords, caCertificate, certificateExpires };
    this.registerOutputs({ ...about, volume, containerId, serviceId, dockerLogin: this.dockerLogin });
  }
}

function makersOf(name: string, parent: Registry, { dockerHost: { url, certPath } = {} }: RegistryArgs): Makers {
  const custom = { parent };
  const isGiven = parent.getProvider("docker:index/container:Container") !== undefined;
  if (isGiven || (url === undefined && certPath === undefined)) return { custom, docker: custom, component: custom };
  const place = { ...(url ? { host: url } : {}), ...(certPath ? { certPath } : {}) };
  const provider = new docker.Provider(`${name}-engine`, place, custom);
  return { custom, docker: { parent, provider }, component: { parent, providers: [provider] } };
}

type Tls = ServerFiles & { authorityCertificatePem: pulumi.Input<string>; notAfter?: pulumi.Input<string> | undefined };

function tlsOf(name: string, { hosts, tls = {} }: RegistryArgs, opts: pulumi.CustomResourceOptions): Tls | undefined {
  if (tls === "none") return undefined;
  const { clientAuthoritiesPem } = tls;
  if (isGivenTls(tls)) {
    const { chainPem, privateKeyPem, authorityCertificatePem, notAfter } = tls;
    return {
      chainPem,
      privateKeyPem: pulumi.secret(privateKeyPem),
      authorityCertificatePem,
      notAfter,
      clientAuthoritiesPem,
    };
  }
  const { server, authorityCertificatePem } = issuedCertificates(name, { hosts, tls }, opts);
  const { chainPem, privateKeyPem, notAfter } = server;
  return { chainPem, privateKeyPem, notAfter, authorityCertificatePem, clientAuthoritiesPem };
}

function isGivenTls(tls: object): tls is GivenTls {
  return "chainPem" in tls;
}

function usersOf(name: string, { users, htpasswd }: RegistryArgs, opts: pulumi.CustomResourceOptions) {
  if (htpasswd !== undefined || users === "none") return undefined;
  if (users instanceof Htpasswd) return users;
  return new Htpasswd(`${name}-users`, { users: users ?? { moby: { generated: true } } }, opts);
}

/** What runs the registry: a service of a swarm where there is one, else a container. */
function run(name: string, args: RegistryArgs, makers: Makers, common: Common): RegistryContainer | RegistryService {
  const { dockerHost, networks = [], swarm } = args;
  const options = parsedInput("registry", registryOptions, args.registry ?? {});
  const served = {
    ...common,
    ...(dockerHost ? { dockerHost } : {}),
    ...(args.image ? { image: args.image } : {}),
    options,
    proxy: args.proxy && parsedInput("proxy", proxyInputs, args.proxy),
  };
  if (args.service) {
    const { networks: named, ...service } = parsedInput("service", serviceInputs, args.service);
    const all = { ...service, networks: [...named, ...networks] };
    return runService(name, { ...served, service: all, swarm, labels: {} }, makers);
  }
  const container = parsedInput("container", containerInputs, args.container ?? {});
  const network = ownNetwork(`${name}-network`, { container: common.name, labels: {} }, makers.docker);
  const address = args.address ?? pulumi.output(args.hosts).apply(addressFor);
  const place = runsAs({ ...container, networks: [...container.networks, ...networks] }, network);
  return new RegistryContainer(name, { ...served, address, container, runsAs: place }, makers.component);
}

function trust(
  name: string,
  { hosts, port = 5000, trust: wanted = "local", image = defaultImage, dockerHost, name: service = name }: RegistryArgs,
  { complete }: RegistryContainer | RegistryService,
  certificatePem: pulumi.Input<string> | undefined,
  opts: pulumi.CustomResourceOptions,
): void {
  if (wanted === "none") return;
  if (wanted === "swarm") {
    if (certificatePem === undefined) return;
    const host = dockerHost ? { dockerHost } : {};
    const named = { name: pulumi.interpolate`${service}-trust`, image: imageReference(image) };
    const args = { ...host, ...named, hosts, ports: [port], certificatePem };
    new SwarmTrust(`${name}-swarm-trust`, args, { ...opts, dependsOn: complete });
    return;
  }
  const { nodes, adopt = false, mirrors = {}, insecureRegistries = [], ...local } = wanted === "local" ? {} : wanted;
  const served = [{ name, port, resource: complete }];
  const trusted = { hosts, served, certificatePem, adopt, mirrors, insecureRegistries };
  const stack = stackIdentity(`${name}-identity`, opts);
  const here = { "": { connection: { type: "local" as const } } };
  for (const [node, own] of Object.entries(nodes ?? here)) {
    const { clients = ["docker" as const], ...place } = { ...local, ...own };
    trustOnNode({ clients, ...place }, trusted, { name, suffix: node && `-${node}`, stack, opts });
  }
}
